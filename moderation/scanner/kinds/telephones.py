"""Telephone numbers: mobiles, links to WhatsApp, landlines."""

import re
from collections.abc import Iterator

from ..headings import get_headings
from ..labels import get_nearest_label, is_labelled
from ..place import Place, as_domestic, bare, bare_lettered
from ..source import Run, Source

_MOBILE = re.compile(r"(?:0|62|0062|620)8[1-9]")
_MOBILE_LENGTHS = range(9, 14)
_PREFIXES = ("0", "62", "620", "0062")
_PHONE_REACH = 30
_NAMES_PHONE = re.compile(r"\b(?:hp|handphone|wa|whatsapp|telp?|telepon|kontak|hubungi|nomor|no|cp)\b")
_HEADING = re.compile(r"\b(?:hp|handphone|wa|whatsapp|telp|telepon|tlp|ponsel|kontak|narahubung)\b")
#: Nothing between: "kupon diambil di Bu Sri 0812…" and "pemenang kupon 0045 Tukiman 0812…" tell a person's number.
_NUMBERED_THING = re.compile(
    r"\b(?:kupon|undian|resi|tiket)(?: pengiriman)? (?:ber)?(?:nomor|nomer|no)\b[ .:]{0,3}$"
    r"|\b(?:nomor|nomer|no\.?|kode) (?:kupon|undian|resi|tiket|seri|imei|nib|npsn|faktur|registrasi|barcode)\b"
    r"[ .:]{0,3}$"
    r"|\bresi pengiriman[ .:]{1,3}$"
)
#: A mobile whose leading nought a spreadsheet has dropped.
_BARE_MOBILE = re.compile(r"8[1-9]")
_BARE_REACH = 25
#: An o in place of the nought, or an i or l in place of a one.
_LETTERED = re.compile(r"[o0](?<![a-z\d][o0])8[1-9](?:[ .\-]?[\doil]){6,10}(?![a-z\d])")


def find_mobile(source: Source) -> Iterator[Place]:
    for run in source.runs:
        yield from _find_in_run(run, source)
    for match in _LETTERED.finditer(source.low):
        digits = bare_lettered(match.group())
        if digits != bare(match.group()):
            yield Place(match.start(), match.end(), digits)


def _find_in_run(run: Run, source: Source) -> Iterator[Place]:
    free_from, limit = 0, _PHONE_REACH if run.is_of_cells else len(run.digits)
    for match in _MOBILE.finditer(run.digits, 0, limit):
        start = match.start()
        if start >= free_from and run.opens_group(start) and _may_begin_mobile(run, start, source):
            end = _end_of_mobile(run, start)
            opening, closing = run.locate(start, end) if end else (0, 0)
            if end and not (start == 0 and _is_something_else(source, run)):
                opening -= source.low[opening - 1 : opening] == "+"
                yield Place(opening, closing, as_domestic(run.digits[start:end]))
                free_from = end
    if free_from:
        return
    for match in _BARE_MOBILE.finditer(run.digits, 0, limit):
        start = match.start()
        if start >= free_from and run.opens_group(start):
            end = _end_of_bare_mobile(run, start)
            if end and _is_of_phone(source, run.locate(start, end)[0]):
                yield Place(*run.locate(start, end), "0" + run.digits[start:end])
                free_from = end


def _is_something_else(source: Source, run: Run) -> bool:
    """Say whether a number in one piece is that of a coupon or the like, or the ten digits of an account."""
    if not run.is_one_group:
        return False
    if len(run.digits) == 10 and is_labelled(source, run.start, "account", _BARE_REACH):
        return True
    return bool(_NUMBERED_THING.search(source.get_before(run.start, _PHONE_REACH)))


def _is_of_phone(source: Source, place: int) -> bool:
    label = get_nearest_label(source, place)
    if label and (label.kind != "phone" or label.distance <= _BARE_REACH):
        return label.kind == "phone"
    return get_headings(source, _HEADING).hold(place)


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
    return _end_of_groups(run, start, surplus)


def _end_of_bare_mobile(run: Run, start: int) -> int:
    """Return where a number without its nought ends; 0 for none."""
    first = run.get_group_end(start) - start
    return _end_of_groups(run, start, -1) if first == 3 or first >= 9 else 0


def _end_of_groups(run: Run, start: int, surplus: int) -> int:
    end = start
    while end < len(run.digits):
        after = run.get_group_end(end)
        length = after - start - surplus
        is_enough = end - start - surplus >= 10
        if length > _MOBILE_LENGTHS[-1] or (is_enough and (end - start - surplus >= 11 or after - end == 1)):
            break
        end = after
    return end if end - start - surplus in _MOBILE_LENGTHS else 0


#: Each begins with one of two letters, which lets the search step over everything else.
_WHATSAPP = re.compile(
    r"[aw](?:(?:(?<=w)a\.me/|(?:(?<=a)pi|(?<=w)eb)\.whatsapp\.com/send/?\?(?:[\w=&%-]{0,80}&)?phone="
    r"|(?<=w)hatsapp://send/?\?phone=)"
    r"(?:%2b|\+)?(?:(?:message|qr)/(\w{4,40})|(\d[\d\-]{6,20}))|(?<=w)a\.link/(\w{3,40}))"
)


def find_whatsapp(source: Source) -> Iterator[Place]:
    if "wa." not in source.low and "whatsapp" not in source.low:
        return
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
    r"[tf](?<!\w[tf])(?:(?<=t)(?:elp|elepon|lp|el)|(?<=f)(?:ax|aks|aksimile))\b[ .:]{0,4}"
    r"(\d{3}[ \-]?\d{3,4})(?![\-./ ]?\d)"
)
#: Whose number it is: an institution's is no personal data, a house's is.
_INSTITUTION = re.compile(
    r"\b(?:kantor|kecamatan|kelurahan|balai|puskesmas|rsud|rs|rumah sakit|klinik|apotek|pustu|polsek|polres|koramil"
    r"|kodim|dinas|badan|bpbd|damkar|pemadam|pmi|pln|pdam|sekolah|sdn?|smpn?|sman?|smkn?|ppid|call cent(?:er|re)"
    r"|hotline"
    r"|posko|dukcapil|disdukcapil|dinsos|dinkes|kemenag|kua|bpjs|kpu|bawaslu|bumdes|koperasi"
    r"|pemdes|pemkab|bidang|seksi|upt|uptd)\b"
)
_PRIVATE = re.compile(
    r"\b(?:rumah(?! sakit)|pribadi|bapak|ibu|pak|bu|mbak|mas|sdr|keluarga|warga|korban|an|a\.n|atas nama"
    r"|dekat|depan|belakang|samping|sebelah|sekitar|timur|barat|utara|selatan)\b"
)
#: Between an institution and its number: the rest of its name, and the word for a telephone where a comma comes first.
_HAS_NUMBER = re.compile(
    r"(?: (?:[A-Z][\w.\-]{0,20}|[Kk]antor|[Dd]esa|[Kk]ecamatan|[Aa]duan|kami|ini|\d{1,2})){0,4}"
    r"(?:(?:[ ,:(]{0,3}(?:(?:[Dd]apat |[Bb]isa )?[Dd]ihubungi|[Mm]elalui|[Pp]ada|[Dd]i|[Nn]omor"
    r"|[Tt]elepon|[Tt]elp|[Tt]lp|[Tt]el|[Ff]a(?:x|ks))\b\.?){1,3}"
    r"[ .:(]{0,3}|[ :]{1,2}\(?)"
)
_OWNER_REACH = 80


def find_landline(source: Source) -> Iterator[Place]:
    for match in _LANDLINE.finditer(source.plain):
        if not _is_of_institution(source, match.start(), match.end()):
            yield Place(match.start(), match.end(), as_domestic(bare(match.group())))
    for match in _NAMED_LANDLINE.finditer(source.plain):
        if not _is_of_institution(source, match.start(1), match.end(1)):
            yield Place(match.start(1), match.end(1), bare(match.group(1)))


def _is_of_institution(source: Source, start: int, end: int) -> bool:
    """Say whether an institution is named right before a number, and nobody and no way to it in the sentence."""
    opening, closing = source.get_sentence(start, end)
    opening = max(opening, start - _OWNER_REACH)
    after = source.low[end : min(closing, end + _OWNER_REACH // 2)]
    if _PRIVATE.search(source.low, opening, start) or _PRIVATE.search(after):
        return False
    institutions = list(_INSTITUTION.finditer(source.low, opening, start))
    return bool(institutions) and bool(_HAS_NUMBER.fullmatch(source.text, institutions[-1].end(), start))
