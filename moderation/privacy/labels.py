"""Indonesian labels and phrases of the personal-data check."""

#: Phrases for findings inside a sentence; the scanner's labels are headings.
_NOUNS = {
    "nik": "nomor yang menyerupai NIK",
    "kk": "nomor yang menyerupai nomor Kartu Keluarga",
    "nik_atau_kk": "nomor yang menyerupai NIK atau nomor Kartu Keluarga",
    "npwp": "nomor yang menyerupai NPWP",
    "nomor_hp": "nomor telepon seluler",
    "nomor_wa": "tautan WhatsApp",
    "rekening": "nomor yang menyerupai nomor rekening",
    "tanggal_lahir": "tanggal lahir",
    "bpjs": "nomor BPJS atau JKN",
    "sim": "nomor SIM",
    "paspor": "nomor paspor",
    "akta_sipil": "nomor akta catatan sipil",
    "koordinat_rumah": "titik lokasi rumah",
    "identitas_anak_hukum": "keterangan yang dapat mengungkap anak dalam perkara",
}
_NUMBERS = {"nik", "kk", "nik_atau_kk", "npwp", "nomor_hp", "rekening", "bpjs", "sim", "paspor", "akta_sipil"}
_MOST_KINDS = 4
_MOST_PLACES = 3

TICK = "Centang “Sudah saya periksa” setelah Anda memeriksa setiap peringatan pada pemeriksaan data pribadi."


def tell_what(findings) -> str:
    """Return the findings of a refusal in one sentence, without any value."""
    kinds = list(dict.fromkeys(finding.code for finding in findings))
    phrases = [_tell_kind([found for found in findings if found.code == code]) for code in kinds[:_MOST_KINDS]]
    more = sum(1 for found in findings if found.code in kinds[_MOST_KINDS:])
    if more:
        phrases.append(f"{more} temuan lain")
    return f"Ditemukan {join(phrases)}."


def _tell_kind(findings) -> str:
    places = list(dict.fromkeys(spot.label for finding in findings for spot in finding.spots))
    shown = [_lower(place) for place in places[:_MOST_PLACES]]
    if len(places) > _MOST_PLACES:
        shown.append(f"{len(places) - _MOST_PLACES} tempat lain")
    noun = _NOUNS.get(findings[0].code, _lower(findings[0].label))
    return f"{len(findings)} {noun} pada {join(shown)}"


def tell_what_to_do(findings) -> str:
    """Return the advice on how to remove the findings."""
    thing = "nomor" if {finding.code for finding in findings} <= _NUMBERS else "data"
    return f"Hapus {thing} itu"


def join(words: list[str]) -> str:
    """Return the words as a list in a sentence."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} dan {words[-1]}"


def _lower(words: str) -> str:
    """Lower-case the first letter, except of an abbreviation."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]
