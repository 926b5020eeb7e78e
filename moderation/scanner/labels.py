"""The words before a number that say what it is the number of."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from typing import NamedTuple

from . import lexicon
from .source import Source

#: How far before a number its label may stand.
REACH = 50
_LABEL = re.compile(
    r"\b(?:"
    r"(?P<nik>nik|n\.i\.k|nomor induk kependudukan|ktp(?:-el)?)"
    r"|(?P<kk>kk|kartu keluarga)"
    r"|(?P<npwp>npwp(?:1[56])?|nomor pokok wajib pajak)"
    r"|(?P<account>(?:no\.? ?)?rek|(?:no\.? ?)?rekening|bri|bni|bca|bsi|btn|mandiri|bank|bkk|bpr|va|virtual account"
    r"|seabank|muamalat|danamon|cimb|permata|bjb|simpedes|tabungan|kks)"
    r"|(?P<owner>a\.? ?n|atas nama)"
    r"|(?P<phone>hp|handphone|wa|whatsapp|telp?|telepon|tlp|ponsel|gawai|kontak|hubungi|menghubungi|hub|cp|sms|japri"
    r"|narahubung)"
    r"|(?P<health_insurance>bpjs|jkn|kis|kpj|jamkesmas|jamkesda)"
    r"|(?P<licence>sim)"
    r"|(?P<pupil>nisn|nomor induk siswa nasional)"
    r"|(?P<thing>kupon|undian|hadiah|resi|tiket|seri|serial|register|registrasi|invoice|faktur|barcode|imei|nib"
    r"|nomor induk berusaha|npsn|nss|batch|surat jalan|nomor peserta lomba)"
    r"|(?P<paper>nop|nuptk|agenda|kode|sertifikat|kontrak|zoom|rapat|surat|sp2d|spm|spp|spk|spj|sppt|dpa|rka|sk"
    r"|keputusan|perbup|perda|isbn|issn|akt[ae]|nikah|paspor|id pelanggan|meter|rangka|mesin|inventaris)"
    r")\b"
)


class Label(NamedTuple):
    """What a word says, and how many characters stand between its end and the number."""

    kind: str
    distance: int


def get_labels(source: Source, place: int) -> list[Label]:
    """Return the labels before a number, the nearest last."""
    known: dict[int, list[Label]] = source.remembered.setdefault(get_labels, {})
    if place not in known:
        known[place] = [Label(match.lastgroup or "", place - match.end()) for match in _find(source, place)]
    return known[place]


def _find(source: Source, place: int) -> Iterator[re.Match[str]]:
    """Yield the labels that stand whole in the reach before a place, none within another."""
    cues, free_from = source.once(_find_cues), 0
    for cue in cues[bisect_left(cues, place - REACH) : bisect_left(cues, place)]:
        match = _LABEL.match(source.low, cue, place) if cue >= free_from else None
        if match:
            free_from = match.end()
            yield match


def _find_cues(source: Source) -> list[int]:
    return source.find_cues(lexicon.LABEL)


def get_nearest_label(source: Source, place: int, among: frozenset[str] | None = None) -> Label | None:
    """Return the nearest label before a number, of these kinds where some are named."""
    for label in reversed(get_labels(source, place)):
        if among is None or label.kind in among:
            return label
    return None


def is_labelled(source: Source, place: int, kind: str, reach: int = REACH) -> bool:
    """Say whether the nearest label before a number is of this kind; the name of an owner is not a label."""
    label = next((one for one in reversed(get_labels(source, place)) if one.kind != "owner"), None)
    return label is not None and label.kind == kind and label.distance <= reach
