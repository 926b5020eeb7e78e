"""The table of what is looked for (docs/sop.md#personal-data): one rule, one row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from . import numbers, persons
from .finding import Severity
from .masking import mask_email, mask_number, mask_words
from .numbers import Place
from .source import Source

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, how bad it is, how it is shown, and what the person should do.

    ``is_contact``: the office has such data of its own, so the allow-list may hold them.
    """

    code: str
    label: str
    severity: Severity
    find: Callable[[Source], Iterable[Place]]
    mask: Callable[[str], str]
    hint: str
    is_contact: bool = False

    @property
    def is_in_words(self) -> bool:
        """Say whether the mask is of what was written, not of the bare value."""
        return self.mask is mask_words


#: Where findings overlap, the upper row wins: it says more about the same place.
RULES = (
    Rule("nik", "NIK", BLOCK, numbers.find_nik, mask_number,
         "Hapus NIK itu. Sebut warga tanpa nomor, atau cukup jumlahnya."),
    Rule("kk", "Nomor Kartu Keluarga", BLOCK, numbers.find_kk, mask_number,
         "Hapus nomor Kartu Keluarga itu. Cukup sebut jumlah keluarga."),
    Rule("nip", "NIP", WARN, numbers.find_nip, mask_number,
         "NIP tidak diperlukan dalam berita. Cukup tulis nama dan jabatan."),
    Rule("nomor_wa", "Tautan WhatsApp", BLOCK, numbers.find_whatsapp, mask_number,
         "Hapus tautan WhatsApp pribadi itu, atau pakai nomor resmi kantor.", is_contact=True),
    Rule("npwp", "NPWP", BLOCK, numbers.find_npwp, mask_number,
         "Hapus NPWP itu dari materi.", is_contact=True),
    Rule("nomor_hp", "Nomor telepon seluler", BLOCK, numbers.find_mobile, mask_number,
         "Hapus nomor pribadi itu, atau pakai nomor resmi kantor.", is_contact=True),
    Rule("telepon", "Nomor telepon", WARN, numbers.find_landline, mask_number,
         "Pastikan nomor itu milik kantor, bukan telepon rumah warga.", is_contact=True),
    Rule("rekening", "Nomor rekening", BLOCK, numbers.find_account, mask_number,
         "Hapus nomor rekening itu. Data keuangan perorangan tidak boleh tayang.", is_contact=True),
    Rule("nik_atau_kk", "NIK atau nomor Kartu Keluarga", BLOCK, numbers.find_nik_or_kk, mask_number,
         "Hapus nomor itu. Susunannya seperti NIK atau nomor Kartu Keluarga."),
    Rule("angka_16_digit", "Angka 16 digit", WARN, numbers.find_sixteen_digits, mask_number,
         "Periksa angka itu. Enam belas digit dapat berarti NIK yang salah ketik, NPWP, atau nomor kartu."),
    Rule("tanggal_lahir", "Tanggal lahir", BLOCK, persons.find_birth, mask_words,
         "Hapus tanggal lahir itu. Bila perlu, cukup tulis umurnya."),
    Rule("surel", "Alamat surel", WARN, persons.find_email, mask_email,
         "Pastikan alamat surel itu milik lembaga, bukan milik pribadi.", is_contact=True),
    Rule("alamat_rt_rw", "Alamat RT/RW", WARN, persons.find_address, mask_words,
         "Pastikan RT/RW itu tempat kegiatan, bukan alamat rumah warga."),
    Rule("identitas_anak_hukum", "Identitas anak dalam perkara", BLOCK, persons.find_child_in_case, mask_words,
         "Hapus umur, nama, dan keterangan lain yang dapat mengungkap anak dalam perkara."),
    Rule("data_anak", "Data anak", WARN, persons.find_named_child, mask_words,
         "Pastikan orang tua atau wali menyetujui penyebutan anak itu, atau hapus namanya."),
    Rule("kesehatan_perorangan", "Kesehatan perorangan", WARN, persons.find_named_patient, mask_words,
         "Hapus nama orang itu, atau pastikan ia menyetujui keterangan tentang kesehatannya."),
    Rule("pelat_nomor", "Pelat nomor kendaraan", INFO, numbers.find_plate, mask_words,
         "Pertimbangkan untuk menghapus pelat nomor kendaraan itu."),
)  # fmt: skip
