"""How the numbers of persons are built: each search yields the places of one kind of number."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .source import GAP, Run, Source

#: The number of the kabupaten at the front of local NIK and KK numbers: known well enough to be believed in any dress.
LOCAL_PREFIX = "3313"

_NO_DIGIT = re.compile(r"\D")
_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
_REST_OF_IDENTITY = r"(?!00)\d\d(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d\d(?!0000)\d{4}"
_IDENTITY = re.compile(rf"(?=((?!{LOCAL_PREFIX}){_PROVINCE}(?!00)\d\d{_REST_OF_IDENTITY}))")
_LOCAL_IDENTITY = re.compile(rf"{LOCAL_PREFIX}{_REST_OF_IDENTITY}")
_ODD_GAP = r"[^a-z0-9]{0,3}+"
_LOCAL_IN_ODD_DRESS = re.compile(rf"3(?<!\d3)(?!\d{{15}}){_ODD_GAP}3{_ODD_GAP}1{_ODD_GAP}3(?:{_ODD_GAP}\d){{12}}(?!\d)")
_IN_ODD_DRESS = re.compile(
    r"\d(?<!\d\d)(?:"
    r"\d{3}([^\w\s])\d{4}\1\d{4}\1\d{4}|\d{5}([^\w\s])\d{6}\2\d{4}|\d([^\w\s])\d\d\3\d\d\3\d{6}\3\d{4}"
    r")(?!\d)"
)
_LABEL = re.compile(
    r"\b(?:(nik|n\.i\.k|nomor induk kependudukan|ktp(?:-el)?)|(?:kk|kartu keluarga))\b",
)
_LABEL_REACH = 40
_GAPS_OF_A_TABLE = re.compile(r"[ \t.\-()]{2}|\n[^\n]*\n|[ \t.()]\r?\n|\n[ \t.\-()]")
_LAST_DAYS = (0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = re.compile(r"(?:19|20)\d\d")


class Place(NamedTuple):
    """Where a value stands in the normalised text, and the value in its one way of writing."""

    start: int
    end: int
    value: str


def bare(written: str) -> str:
    """Return the digits alone."""
    return _NO_DIGIT.sub("", written)


def as_domestic(digits: str) -> str:
    """Return a telephone number with the leading 0 of the country's own writing: +62812 and 62812 as 0812."""
    if digits.startswith("0062"):
        digits = digits[2:]
    if digits.startswith("62"):
        return "0" + digits[2:].removeprefix("0")
    return digits


# NIK and KK -----------------------------------------------------------------------------------------------


def find_nik(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "nik")


def find_kk(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "kk")


def find_nik_or_kk(source: Source) -> Iterator[Place]:
    return (place for code, place in source.once(_find_identities) if code == "nik_atau_kk")


def _find_identities(source: Source) -> list[tuple[str, Place]]:
    """Find sixteen digits with that build which stand there as one number, and not as the cells of a table.

    A local number is believed with any gaps, and also inside a longer string of digits (the glued cells of a
    table). Any other number may have one short gap in a place and one line break in all, and small groups of
    digits are a number only where nothing else stands beside them or a word says so.
    """
    found = []
    for run in source.runs:
        if len(run.digits) < 16:
            continue
        for match in _LOCAL_IDENTITY.finditer(run.digits):
            start, end = match.span()
            if run.is_unbroken(start, end) or run.is_whole(start, end):
                found.append((*run.locate(start, end), match.group()))
        if run.is_of_cells or run.is_one_group and len(run.digits) > 16:
            continue
        is_alone = len(run.digits) == 16 or bool(_LABEL.search(source.get_before(run.start, _LABEL_REACH)))
        for match in _IDENTITY.finditer(run.digits):
            start, end = match.start(), match.start() + 16
            if not run.is_whole(start, end) or not (is_alone or run.has_four_together(start, end)):
                continue
            if not _GAPS_OF_A_TABLE.search(source.low, *run.locate(start, end)):
                found.append((*run.locate(start, end), match.group(1)))
    for pattern in (_LOCAL_IN_ODD_DRESS, _IN_ODD_DRESS):
        for match in pattern.finditer(source.low):
            digits = bare(match.group())
            if _LOCAL_IDENTITY.match(digits) or _IDENTITY.match(digits):
                found.append((*match.span(), digits))
    return [_tell(source, *place) for place in found if _has_real_date(place[2])]


def _has_real_date(digits: str) -> bool:
    """Say whether the calendar has the day in the number; a woman's is 40 more."""
    day, month, year = int(digits[6:8]) % 40, int(digits[8:10]), int(digits[10:12])
    return day <= _LAST_DAYS[month] and not (day == 29 and month == 2 and year % 4)


def _tell(source: Source, start: int, end: int, digits: str) -> tuple[str, Place]:
    """Tell NIK and KK apart: a day above 40 has only a woman's NIK, else the nearest word before it decides."""
    code = "nik" if digits[6] in "4567" else "nik_atau_kk"
    if code != "nik":
        for word in _LABEL.finditer(source.low, max(0, start - _LABEL_REACH), start):
            code = "nik" if word.group(1) else "kk"
    return code, Place(start, end, digits)


_SIXTEEN = re.compile(r"\d(?<!\d\d)(?:\d{15}|(?<!\d{4}[ .\-]\d)\d{3}([ .\-])\d{4}\1\d{4}\1\d{4}(?!\1\d{4}))(?!\d)")
_FOUR_YEARS = re.compile(r"(?:(?:19|20)\d\d[ .\-]?){4}")
_ADDRESS_OF_PAGE = re.compile(r"(?:://|www\.)\S*$")


def find_sixteen_digits(source: Source) -> Iterator[Place]:
    """Sixteen digits in one piece or in fours, such as those on a card; not four years in a row."""
    for match in _SIXTEEN.finditer(source.plain):
        written = match.group()
        if len(written) > 16:
            if _FOUR_YEARS.fullmatch(written):
                continue
            written = bare(written)
        if not _is_in_address(source, match.start()):
            yield Place(match.start(), match.end(), written)


def _is_in_address(source: Source, start: int) -> bool:
    before = source.get_before(start, 120)
    return "/" in before and bool(_ADDRESS_OF_PAGE.search(before))


# Tax, service, account --------------------------------------------------------------------------------------

_NPWP = re.compile(r"\d(?<!\d\d)\d[. ]\d{3}[. ]\d{3}[. ]\d[\-. ]\d{3}[. ]\d{3}(?!\d)")
_NAMES_NPWP = re.compile(r"\b(?:npwp|nomor pokok wajib pajak)\b\D*$")


def find_npwp(source: Source) -> Iterator[Place]:
    for match in _NPWP.finditer(source.low):
        yield Place(match.start(), match.end(), bare(match.group()))
    for run in source.runs:
        if len(run.digits) >= 15 and _NAMES_NPWP.search(source.get_before(run.start, 30)):
            for length in (16, 15):
                if len(run.digits) >= length and run.is_whole(0, length):
                    yield Place(*run.locate(0, length), run.digits[:length])
                    break


_NIP = re.compile(
    rf"[12](?<!\d\d)(?:(?<=1)9[3-9]\d|(?<=2)0[0-1]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){GAP}"
    rf"(?:19|20)\d\d(?:0[1-9]|1[0-2]|21){GAP}[12]{GAP}\d{{3}}(?!\d)"
)
_NAMED_NIP = re.compile(r"\bnip\b[^\d\n]{0,10}(\d{18})(?!\d)")


def find_nip(source: Source) -> Iterator[Place]:
    for match in _NIP.finditer(source.plain):
        yield Place(match.start(), match.end(), bare(match.group()))
    for match in _NAMED_NIP.finditer(source.low):
        yield Place(match.start(1), match.end(1), match.group(1))


_NAMES_ACCOUNT = re.compile(
    r"\b(?:(?:rekening|bri|bni|bca|bsi|btn|mandiri|bank|bkk|bpr|a\.? ?n|atas nama|va|virtual account)\b|rek(?![a-z]))"
)
_NAMES_BUDGET = re.compile(r"\bkode (?:akun|rekening)\b")
_NAMES_OWNER = re.compile(r"[\s,(]{0,4}(?:bri\b|bni\b|bca\b|bsi\b|btn\b|bank\b)?[\s,)]{0,4}(?:a\.? ?n\b|atas nama\b)")
_ACCOUNT_REACH = 30


def find_account(source: Source) -> Iterator[Place]:
    """8 to 18 digits after the word for an account or a bank, or before "a.n."."""
    for run in source.runs:
        before = source.get_before(run.start, _ACCOUNT_REACH)
        if not _NAMES_ACCOUNT.search(before) and not _NAMES_OWNER.match(source.low, run.end):
            continue
        if _NAMES_BUDGET.search(before):
            continue
        end = _end_of_account(run, source)
        if end:
            yield Place(*run.locate(0, end), run.digits[:end])


def _end_of_account(run: Run, source: Source) -> int:
    """Return how many digits of the run are the account's number; 0 when they are years or too few."""
    groups, end = run.get_groups(0, min(18, len(run.digits))), 0
    for group in groups:
        end += group
        after = run.locate(0, end)[1]
        if end >= 8 and (group >= 8 or source.low[after : after + 1] not in ("-", ".", " ")):
            break
    are_years = 4 in groups and all(_YEAR.match(run.digits, place) for place in range(0, end, 4))
    return 0 if end < 8 or are_years or not run.closes_group(end - 1) else end


# Telephones -------------------------------------------------------------------------------------------------

_MOBILE = re.compile(r"(?:0|62|0062|620)8[1-9]")
_MOBILE_LENGTHS = range(9, 14)
_PREFIXES = ("0", "62", "620", "0062")
_PHONE_REACH = 30
_NAMES_PHONE = re.compile(r"\b(?:hp|handphone|wa|whatsapp|telp?|telepon|kontak|hubungi|nomor|no|cp)\b")


def find_mobile(source: Source) -> Iterator[Place]:
    for run in source.runs:
        free_from = 0
        for match in _MOBILE.finditer(run.digits, 0, _PHONE_REACH if run.is_of_cells else len(run.digits)):
            start = match.start()
            if start >= free_from and run.opens_group(start) and _may_begin_mobile(run, start, source):
                end = _end_of_mobile(run, start)
                if end:
                    opening, closing = run.locate(start, end)
                    opening -= source.low[opening - 1 : opening] == "+"
                    yield Place(opening, closing, as_domestic(run.digits[start:end]))
                    free_from = end


def _may_begin_mobile(run: Run, start: int, source: Source) -> bool:
    """Say whether the groups at the front are those of a number: 0812…, +62 812…, 0 812….

    Pairs may be times or the cells of a table: they need a word for a telephone before them. Single digits
    are one number only where the run holds nothing else.
    """
    end = run.get_group_end(start)
    if end - start < 5 and end < len(run.digits) and run.digits[start:end] in _PREFIXES:
        end = run.get_group_end(end)
    if end - start >= (4 if run.digits[start] == "6" else 3):
        return True
    if start > _PHONE_REACH:
        return False
    if start == 0 and len(run.digits) <= _MOBILE_LENGTHS[-1] and set(run.get_groups(0, len(run.digits))) == {1}:
        return True
    return bool(_NAMES_PHONE.search(source.get_before(run.locate(start, end)[0], _PHONE_REACH)))


def _end_of_mobile(run: Run, start: int) -> int:
    """Return where the number ends; 0 when no group ends within the lengths that numbers have."""
    written = run.digits[start : start + 20]
    surplus = len(written) - len(as_domestic(written))
    if run.get_group_end(start) == start + 1 and start == 0 and len(run.digits) - surplus in _MOBILE_LENGTHS:
        return len(run.digits)
    end = start
    while end < len(run.digits):
        after = run.get_group_end(end)
        length = after - start - surplus
        is_enough = end - start - surplus >= 10
        if length > _MOBILE_LENGTHS[-1] or is_enough and (end - start - surplus >= 11 or after - end == 1):
            break
        end = after
    return end if end - start - surplus in _MOBILE_LENGTHS else 0


_WHATSAPP = re.compile(
    r"(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:[\w=&%-]{0,80}&)?phone=|whatsapp://send/?\?phone=)"
    r"(?:%2b|\+)?(?:(?:message|qr)/(\w{4,40})|(\d[\d\-]{6,20}))|wa\.link/(\w{3,40})"
)


def find_whatsapp(source: Source) -> Iterator[Place]:
    for match in _WHATSAPP.finditer(source.low):
        number = match.group(2)
        yield Place(
            match.start(), match.end(), as_domestic(bare(number)) if number else match.group(1) or match.group(3)
        )


#: Codes of areas begin with 02 to 07 and 09; 08 is for mobiles.
_LANDLINE = re.compile(
    r"[(0+6](?<![\d.\-/][(0+6])"
    r"(?:(?<=\()\s?(?:0|\+?62\s?)[2-79]\d{1,2}\s?\)[ .\-]{0,2}"
    r"|(?:(?<=0)|(?<=\+)62[ \-]?|(?<=6)2[ \-]?)[2-79]\d{1,2}(?: ?- ?| )"
    r"|(?<=0)271)"
    r"(?:\d{5,8}|\d{3,4}[ \-]\d{2,4})(?![\-./]?\d)"
)
_NAMED_LANDLINE = re.compile(
    r"\b(?:telp|telepon|tlp|tel|fax|faks|faksimile)\b[ .:]{0,4}(\d{3}[ \-]?\d{3,4})(?![\-./ ]?\d)"
)


def find_landline(source: Source) -> Iterator[Place]:
    for match in _LANDLINE.finditer(source.plain):
        yield Place(match.start(), match.end(), as_domestic(bare(match.group())))
    for match in _NAMED_LANDLINE.finditer(source.plain):
        yield Place(match.start(1), match.end(1), bare(match.group(1)))


# Vehicles ---------------------------------------------------------------------------------------------------

_AREA_OF_PLATE = r"(?:(?<=A)[ABEG]|(?<=B)[ABDEGHKLMNP]|(?<=D)[ABCDEGHKLMNPRST]|(?<=E)[ABD]|(?<=K)[BHTU]|(?<=P)[ABGST])?"
_PLATE = re.compile(
    r"[ABDEFGHKLMNPRSTWZ](?<![\w/.\-][A-Z])"
    rf"(?:(?<=A)D ?\d{{1,4}}|{_AREA_OF_PLATE} ?\d{{3,4}}) ?[A-Z]{{1,3}}(?![\w/.\-])"
)


def find_plate(source: Source) -> Iterator[Place]:
    for match in _PLATE.finditer(source.text):
        yield Place(match.start(), match.end(), match.group().replace(" ", ""))
