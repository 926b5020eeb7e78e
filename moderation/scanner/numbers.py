"""How the numbers of persons are built: each search yields the places of one kind of number."""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass

from .source import GAP, Run, Source

#: The number of the kabupaten at the front of local NIK and KK numbers: known well enough to be believed in any dress.
LOCAL_PREFIX = "3313"

_PROVINCE = r"(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])"
_IDENTITY = re.compile(
    rf"(?=({_PROVINCE}(?!00)\d\d(?!00)\d\d(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d\d(?!0000)\d{{4}}))"
)
_ODD_GAP = r"[^a-z0-9]{0,3}+"
_LOCAL_IN_ODD_DRESS = re.compile(rf"(?<!\d)3{_ODD_GAP}3{_ODD_GAP}1{_ODD_GAP}3(?:{_ODD_GAP}\d){{12}}(?!\d)")
_IN_ODD_DRESS = re.compile(
    r"(?<!\d)(?:\d{4}([^\w\s])\d{4}\1\d{4}\1\d{4}|\d{6}([^\w\s])\d{6}\2\d{4}|\d\d([^\w\s])\d\d\3\d\d\3\d{6}\3\d{4})(?!\d)"
)
_NAMES_NIK = re.compile(r"\b(?:nik|n\.i\.k|nomor induk kependudukan|(?:no\.?|nomor) ?ktp|ktp(?:-el)?)\b")
_NAMES_KK = re.compile(r"\b(?:no\.? ?)?(?:kk|kartu keluarga)\b")
_LABEL_REACH = 40
_YEAR = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands in the normalised text, and the value in its one way of writing."""

    start: int
    end: int
    value: str


@dataclass(frozen=True, slots=True)
class Identity(Place):
    """A number built like a NIK or a KK, with the code of what it is."""

    code: str


def bare(written: str) -> str:
    """Return the digits alone."""
    return re.sub(r"\D", "", written)


def as_domestic(digits: str) -> str:
    """Return a telephone number with the leading 0 of the country's own writing: +62812 and 62812 as 0812."""
    if digits.startswith("0062"):
        digits = digits[2:]
    if digits.startswith("62"):
        return "0" + digits[2:].removeprefix("0")
    return digits


# NIK and KK -----------------------------------------------------------------------------------------------


def find_nik(source: Source) -> Iterator[Place]:
    return (found for found in source.once(_find_identities) if found.code == "nik")


def find_kk(source: Source) -> Iterator[Place]:
    return (found for found in source.once(_find_identities) if found.code == "kk")


def find_nik_or_kk(source: Source) -> Iterator[Place]:
    return (found for found in source.once(_find_identities) if found.code == "nik_atau_kk")


def _find_identities(source: Source) -> list[Identity]:
    found = []
    for run in source.runs:
        free_from = 0
        for match in _IDENTITY.finditer(run.digits):
            start, end = match.start(), match.start() + 16
            if start >= free_from and _is_identity(run, start, end, source) and _has_real_date(match.group(1)):
                found.append(_tell(source, run.places[start], run.places[end - 1] + 1, match.group(1)))
                free_from = end
    for pattern in (_LOCAL_IN_ODD_DRESS, _IN_ODD_DRESS):
        for match in pattern.finditer(source.low):
            digits = bare(match.group())
            if _IDENTITY.match(digits) and _has_real_date(digits):
                found.append(_tell(source, match.start(), match.end(), digits))
    return found


def _is_identity(run: Run, start: int, end: int, source: Source) -> bool:
    """Say whether sixteen digits stand there as one number, and not as the cells of a table.

    A local number is believed with any gaps, and also inside a longer string of digits (glued cells of a
    table). Any other number may have one short gap in a place and one line break in all, and small groups
    of digits are a number only where the run holds little else.
    """
    if run.digits.startswith(LOCAL_PREFIX, start):
        return run.is_whole(start, end) or run.is_unbroken(start, end)
    if not run.is_whole(start, end):
        return False
    written = source.low[run.places[start] : run.places[end - 1] + 1]
    if written.count("\n") > 1 or re.search(r"[\s.\-()]{2}", written.replace("-\n", "-").replace("\r\n", "\n")):
        return False
    return max(run.get_groups(start, end)) > 3 or len(run.digits) <= 20


def _has_real_date(digits: str) -> bool:
    """Say whether the calendar has the day in the number; a woman's is 40 more."""
    day, month, year = int(digits[6:8]) % 40, int(digits[8:10]), int(digits[10:12])
    return day <= monthrange(2000 + year, month)[1]


def _tell(source: Source, start: int, end: int, digits: str) -> Identity:
    """Tell NIK and KK apart: a day above 40 has only a woman's NIK, else the nearest word before it decides."""
    before = source.get_before(start, _LABEL_REACH)
    says_nik = max((word.end() for word in _NAMES_NIK.finditer(before)), default=-1)
    says_kk = max((word.end() for word in _NAMES_KK.finditer(before)), default=-1)
    if int(digits[6:8]) > 40 or says_nik > says_kk:
        code = "nik"
    else:
        code = "kk" if says_kk > says_nik else "nik_atau_kk"
    return Identity(start, end, digits, code)


_FOUR_FOURS = re.compile(r"\d{4}([ .\-])\d{4}\1\d{4}\1\d{4}")
_ADDRESS_OF_PAGE = re.compile(r"(?:://|www\.)\S*$")


def find_sixteen_digits(source: Source) -> Iterator[Place]:
    """Sixteen digits in one piece or in fours, such as those on a card; not four years in a row."""
    for run in source.runs:
        place = 0
        while place + 16 <= len(run.digits):
            end = place + 16
            start_in_text, end_in_text = run.places[place], run.places[end - 1] + 1
            written = source.low[start_in_text : end_in_text if end_in_text - start_in_text <= 19 else start_in_text]
            is_one = run.is_whole(place, end) and (len(written) == 16 or _FOUR_FOURS.fullmatch(written))
            if is_one and not _are_years(run, place, end) and not _is_in_address(source, start_in_text):
                yield Place(start_in_text, end_in_text, run.digits[place:end])
                place = end
            else:
                place = run.lasts.find(1, place) + 1


def _are_years(run: Run, start: int, end: int) -> bool:
    return not run.is_unbroken(start, end) and all(_YEAR.match(run.digits, place) for place in range(start, end, 4))


def _is_in_address(source: Source, start: int) -> bool:
    return bool(_ADDRESS_OF_PAGE.search(source.get_before(start, 120)))


# Tax, service, account --------------------------------------------------------------------------------------

_NPWP = re.compile(r"(?<!\d)\d\d[. ]\d{3}[. ]\d{3}[. ]\d[\-. ]\d{3}[. ]\d{3}(?!\d)")
_NAMES_NPWP = re.compile(r"\b(?:npwp|nomor pokok wajib pajak)\b\D*$")


def find_npwp(source: Source) -> Iterator[Place]:
    for match in _NPWP.finditer(source.low):
        yield Place(match.start(), match.end(), bare(match.group()))
    for run in source.runs:
        if _NAMES_NPWP.search(source.get_before(run.start, 30)):
            for length in (16, 15):
                if len(run.digits) >= length and run.is_whole(0, length):
                    yield Place(run.start, run.places[length - 1] + 1, run.digits[:length])
                    break


_NIP = re.compile(
    rf"(?<!\d)(?:19[3-9]\d|20[0-1]\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){GAP}"
    rf"(?:19|20)\d\d(?:0[1-9]|1[0-2]|21){GAP}[12]{GAP}\d{{3}}(?!\d)"
)
_NAMED_NIP = re.compile(r"\bnip\b[^\d\n]{0,10}(\d{18})(?!\d)")


def find_nip(source: Source) -> Iterator[Place]:
    for match in _NIP.finditer(source.plain):
        yield Place(match.start(), match.end(), bare(match.group()))
    for match in _NAMED_NIP.finditer(source.low):
        yield Place(match.start(1), match.end(1), match.group(1))


_NAMES_ACCOUNT = re.compile(
    r"(?:\b(?:rek|rekening|bri|bni|bca|bsi|btn|mandiri|bank|bkk|bpr|a\.? ?n|atas nama|va|virtual account)\b|\brek(?=\d))"
)
_NAMES_BUDGET = re.compile(r"\bkode (?:akun|rekening)\b")
_NAMES_OWNER = re.compile(r"[\s,(]{0,4}(?:bri\b|bni\b|bca\b|bsi\b|btn\b|bank\b)?[\s,)]{0,4}(?:a\.? ?n\b|atas nama\b)")
_ACCOUNT_REACH = 30


def find_account(source: Source) -> Iterator[Place]:
    """8 to 18 digits after the word for an account or a bank, or before "a.n."."""
    for run in source.runs:
        before = source.get_before(run.start, _ACCOUNT_REACH)
        if _NAMES_BUDGET.search(before):
            continue
        if not _NAMES_ACCOUNT.search(before) and not _NAMES_OWNER.match(source.low, run.end):
            continue
        end = _end_of_account(run, source)
        if end:
            yield Place(run.start, run.places[end - 1] + 1, run.digits[:end])


def _end_of_account(run: Run, source: Source) -> int:
    """Return how many digits of the run are the account's number; 0 when they are years or too few."""
    end = 0
    for place in range(min(18, len(run.digits))):
        if not run.lasts[place]:
            continue
        end = place + 1
        after = source.low[run.places[place] + 1 : run.places[place] + 2]
        if end >= 8 and after not in ("-", "."):
            break
    if end < 8 or all(_YEAR.match(run.digits, place) for place in range(0, end, 4)) and 4 in run.get_groups(0, end):
        return 0
    return end


# Telephones -------------------------------------------------------------------------------------------------

_MOBILE = re.compile(r"(?:0|62|0062|620)8[1-9]")
_MOBILE_LENGTHS = range(9, 14)
_NAMES_PHONE = re.compile(r"\b(?:hp|handphone|wa|whatsapp|telp?|telepon|kontak|hubungi|nomor|no|cp)\b")


def find_mobile(source: Source) -> Iterator[Place]:
    for run in source.runs:
        free_from = 0
        for match in _MOBILE.finditer(run.digits):
            start = match.start()
            if start < free_from or not run.firsts[start]:
                continue
            end = _end_of_mobile(run, start, source)
            if end:
                first = run.places[start]
                yield Place(first, run.places[end - 1] + 1, as_domestic(run.digits[start:end]))
                free_from = end


def _end_of_mobile(run: Run, start: int, source: Source) -> int:
    """Return where a mobile number that begins there ends; 0 when the groups are no number's."""
    surplus = len(run.digits[start : start + 20]) - len(as_domestic(run.digits[start : start + 20]))
    ends = [end for end in range(start + 1, min(start + 17, len(run.digits)) + 1) if run.lasts[end - 1]]
    fitting = [end for end in ends if end - start - surplus in _MOBILE_LENGTHS]
    if not fitting:
        return 0
    end = fitting[0]
    for longer in fitting[1:]:
        if end - start - surplus >= 11 or longer - end == 1 and end - start - surplus >= 10:
            break
        end = longer
    groups = run.get_groups(start, end)
    if max(groups) == 1:
        # Single digits are one number only where the run is nothing else; a row of a table is longer.
        return end if start == 0 and end == len(run.digits) else 0
    is_international = run.digits.startswith("62", start)
    front = groups[0] if not is_international or groups[0] > 3 else sum(groups[:2])
    if front >= 3:
        return end
    return end if _NAMES_PHONE.search(source.get_before(run.places[start], 30)) else 0


_WHATSAPP = re.compile(
    r"(?:wa\.me/|(?:api|web)\.whatsapp\.com/send/?\?(?:[\w=&%-]{0,80}&)?phone=|whatsapp://send/?\?phone=)"
    r"(?:%2b|\+)?(?:message/(\w{4,40})|(\d[\d\-]{6,20}))|wa\.link/(\w{3,40})"
)


def find_whatsapp(source: Source) -> Iterator[Place]:
    for match in _WHATSAPP.finditer(source.low):
        number = match.group(2)
        yield Place(
            match.start(), match.end(), as_domestic(bare(number)) if number else match.group(1) or match.group(3)
        )


_AREA = r"0[2-79]\d{1,2}"
_LANDLINE = re.compile(
    rf"(?<![\d.])(?:\(\s?(?:{_AREA}|\+?62\s?[2-79]\d{{1,2}})\s?\)[ .\-]{{0,2}}|{_AREA}(?: ?- ?| )|\+?62[ \-]?[2-79]\d{{1,2}}[ \-]|0271)"
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

_PLATE = re.compile(
    r"(?<![\w/.\-])(?:AD ?\d{1,4}|(?:[ABDEFGHKLMNPRSTWZ]|A[ABEG]|B[ABDEGHKLMNP]|D[ABCDEGHKLMNPRST]|E[ABD]|K[BHTU]|P[ABGST])"
    r" ?\d{3,4}) ?[A-Z]{1,3}(?![\w/.\-])"
)


def find_plate(source: Source) -> Iterator[Place]:
    for match in _PLATE.finditer(source.text):
        yield Place(match.start(), match.end(), match.group().replace(" ", ""))
