"""Recognise what forwarded messages add: stamps, greetings, thanks, "Baca selengkapnya".

Recognises only forms that cannot change the meaning; everything else beside official words counts as
added. Plain Python.
"""

import re

#: Words that can reverse the meaning of what is beside them.
ALARMING = frozenset(
    re.findall(
        r"\w+",
        """
        tidak tak bukan jangan belum tanpa batal dibatalkan pembatalan ditunda tunda diundur mundur
        dicabut cabut hoaks hoax palsu bohong penipuan tipu salah keliru ralat ditutup tutup libur
        dilarang larang kecuali selesai diganti berubah pindah dipindah gagal dihentikan stop cancel
        fake
        """,
    )
)
#: Words that are not part of a sender's name, so that a stamp with them is not dropped.
_TELLING = ALARMING | frozenset(
    re.findall(
        r"\w+",
        """
        senin selasa rabu kamis jumat sabtu minggu ahad januari februari maret april mei juni juli
        agustus september oktober november desember hari tanggal tgl jam pukul mulai sampai besok
        lusa nanti sekarang rp rupiah ribu juta gratis bayar biaya iuran wajib harus khusus hanya
        segera ambil daftar syarat bawa kumpul di ke dari untuk
        """,
    )
)
_DATE, _CLOCK = (
    r"(?:\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{1,2} [A-Za-z]{3,9} \d{4})",
    r"\d{1,2}[.:]\d{2}(?:[.:]\d{2})?(?:\s?[AaPp][Mm])?",
)
#: A line as copied from a messenger: time, sender, message.
_STAMP = re.compile(
    rf"^[^\S\n]*(?:\[(?:{_DATE},?\s+{_CLOCK}|{_CLOCK},?\s+{_DATE})\]|{_DATE},?\s+{_CLOCK}\s*[-–])[^\S\n]*"
    r"(?P<name>[^:\n\]]{1,40}):(?=\s)",
    re.MULTILINE,
)
#: The same with the sender first, on a line of its own.
_STAMP_LINE = re.compile(
    rf"^[^\S\n]*(?P<name>[^:\n\[\],]{{1,40}}),?[^\S\n]*\[(?:{_DATE},?\s+{_CLOCK}|{_CLOCK},?\s+{_DATE})\]:?[^\S\n]*$",
    re.MULTILINE,
)

_WHO = (
    r"(?:(?:bapak|bapakbapak|bpk|pak|ibu|ibuibu|bu|saudara|sdr|sedulur|warga|kakak|mas|mbak|teman|rekan|lur|gaes|min)"
    r"(?: (?:dan|bapak|ibu|pak|bu|saudara|sekalian|semua|semuanya|warga|rt|rw|ketua|kader|grup|yang|budiman|"
    r"[0-9]{1,3}))*)"
)
_FROM = (
    r"(?: (?:ini )?dari (?:bapak |ibu |pak |bu |kantor |grup |group )*"
    r"(?:camat|kecamatan|desa|kelurahan|sebelah|rt|rw|lurah|kades|kadus|bayan|tetangga|kantor|sana)"
    r"(?: (?:[0-9]{1,3}|sebelah))?)"
)
_WHAT = r"(?:info|informasi|pesan|kabar|berita|pengumuman|edaran)"
_PHRASES = (
    r"(?:wa)?(?:assalam\w*|asalam\w*|ass)(?: w[ar]\w*)?(?: wr)?(?: w[ab]\w*)?(?: wb)?",
    r"assalam\w* alaikum(?: w[ar]\w*)?(?: wr)?(?: w[ab]\w*)?(?: wb)?",
    r"wassalam(?:ualaikum)?(?: wr)?(?: wb)?|w[ar]h?m?\w*tullah\w*(?: wa ?bar[ao]k\w*)?|wa?bar[ao]katuh|wr|wb",
    rf"(?:selamat|met|sugeng) (?:pagi|siang|sore|malam|enjing|enjang|siyang|sonten|dalu)"
    rf"(?: (?:{_WHO}|semua|semuanya))?",
    r"salam(?: (?:sejahtera|sehat|hormat|kompak))?(?: (?:bagi|untuk|buat))?(?: kita semua(?:nya)?)?",
    rf"(?:kepada )?(?:yth|yang terhormat|kagem)(?: {_WHO})?",
    _WHO,
    r"(?:mohon |nyuwun |numpang )?(?:izin|ijin|permisi)"
    r"(?: (?:share|meneruskan|menyampaikan|membagikan|berbagi|forward))?"
    rf"(?: {_WHAT})?(?: (?:ini|berikut))?{_FROM}?",
    rf"(?:sekadar |sekedar |sekilas |sedikit |berikut |berikut ini |ini |ini ada |ada |dapat |"
    rf"saya teruskan |kami teruskan |meneruskan |menyampaikan |share |fwd |fw )?{_WHAT}{_FROM}?(?: (?:ya|nggih))?",
    r"diteruskan(?: (?:berkali kali|berulang kali))?|terusan|pesan (?:yang )?diteruskan|fwd|fw|"
    r"forwarded(?: (?:message|many times|from \w+))?|begin forwarded message|"
    r"copas(?: (?:dari )?(?:grup )?(?:sebelah|tetangga))?|dari grup sebelah",
    r"(?:sekian )?(?:dan )?(?:terima kasih|terimakasih|trims|trimakasih|makasih|matur nuwun|maturnuwun|"
    rf"matur suwun|nuwun|suwun|thanks|thank you|tks)(?: (?:atas perhatiannya|banyak|sebelumnya|nggih|ya|{_WHO}))*",
    r"semoga (?:bermanfaat|berkah|sehat selalu)(?: (?:bagi|untuk) kita(?: semua)?)?",
    r"(?:mohon|tolong|silakan|silahkan|monggo) (?:disimak|dibaca|dicermati|perhatian|perhatiannya)|"
    r"mohon maklum|nggih|monggo",
    r"(?:(?:untuk )?(?:baca|lihat|simak|klik|buka|cek|info|informasi|berita|kabar) )?(?:juga )?"
    r"(?:lebih |se)?lengkap(?:nya)?(?: (?:klik|buka|baca|di|pada|melalui|lewat|tautan|link|sini|berikut|ini|bawah))*",
    r"(?:baca|lihat|buka|klik|cek)(?: (?:berita|di|pada|sini|tautan|link|berikut|ini|bawah))+|"
    r"read more|see more|lihat semua",
    r"(?:link|tautan|url|sumber|source)(?: (?:berita|resmi|info|informasi|website|situs|web|di|dari))*",
)
_COURTESIES = tuple(re.compile(rf"(?:{phrase})(?![^ ])") for phrase in _PHRASES)
#: Maximum words and phrases of a greeting.
LONGEST, _MOST_PHRASES = 16, 4
_SOURCES = ("sumber ", "source ", "via ")


def drop_stamps(text: str) -> str:
    """Return the text without the stamps of messengers; keep a sender's name with words of a statement."""

    def drop(found) -> str:
        words = re.findall(r"[^\W\d_]+", found["name"].casefold())
        return "\n" if len(words) <= 5 and not _TELLING & set(words) else found[0]

    return _STAMP_LINE.sub(drop, _STAMP.sub(drop, text))


def is_courtesy(words: str, office_words: frozenset[str]) -> bool:
    """Say whether these normalised words are only an addition of forwarded messages."""
    rest = words.strip()
    if rest.count(" ") >= LONGEST:
        return False
    if rest.startswith(_SOURCES) and office_words.issuperset(rest.split()[1:]):
        return True
    for _turn in range(_MOST_PHRASES):
        longest = max((found.end() for each in _COURTESIES if (found := each.match(rest))), default=0)
        rest = rest[longest:].strip()
        if not rest or not longest:
            break
    return not rest
