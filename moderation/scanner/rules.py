"""The table of what is looked for (docs/sop.md#personal-data): one rule, one row."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from .finding import Severity
from .kinds import accounts, births, children, documents, homes, identities, mail, persons, telephones
from .masking import mask_email, mask_number, mask_words
from .place import Place
from .source import Source

BLOCK, WARN, INFO = Severity.BLOCK, Severity.WARN, Severity.INFO


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for, how bad it is, how it is shown, what the writer should do, and which law asks for it.

    ``is_contact``: the office has such data of its own, so the allow-list may hold them.
    """

    code: str
    label: str
    severity: Severity
    find: Callable[[Source], Iterable[Place]]
    mask: Callable[[str], str]
    hint: str
    basis: str
    is_contact: bool = False

    @property
    def is_in_words(self) -> bool:
        """Say whether the mask is of what was written, not of the bare value."""
        return self.mask is mask_words


#: UU 27/2022 names the kinds of personal data, UU 23/2006 what the population register holds of a person,
#: UU 14/2008 what a public body may not give out.
_REGISTER = "UU 23/2006 jo. UU 24/2013 Pasal 58; UU 27/2022 Pasal 4 ayat (3)"
_COMBINED = "UU 27/2022 Pasal 4 ayat (3)"
_FINANCE = "UU 27/2022 Pasal 4 ayat (2); UU 14/2008 Pasal 17 huruf h"
_HEALTH = "UU 27/2022 Pasal 4 ayat (2); UU 14/2008 Pasal 17 huruf h"
_CHILD = "UU 27/2022 Pasal 4 ayat (2) dan Pasal 25"
_CASE = "UU 11/2012 Pasal 19; UU 27/2022 Pasal 4 ayat (2)"
_PRIVATE = "UU 14/2008 Pasal 17 huruf h; UU 27/2022 Pasal 4 ayat (3)"

#: Where findings overlap, the upper row wins: it says more about the same place.
RULES = (
    Rule("nik", "NIK", BLOCK, identities.find_nik, mask_number,
         "Hapus NIK itu. Sebut warga tanpa nomor, atau cukup jumlahnya.", _REGISTER),
    Rule("kk", "Nomor Kartu Keluarga", BLOCK, identities.find_kk, mask_number,
         "Hapus nomor Kartu Keluarga itu. Cukup sebut jumlah keluarga.", _REGISTER),
    Rule("nip", "NIP", WARN, documents.find_nip, mask_number,
         "NIP tidak diperlukan dalam berita. Cukup tulis nama dan jabatan.", _COMBINED),
    Rule("nomor_wa", "Tautan WhatsApp", BLOCK, telephones.find_whatsapp, mask_number,
         "Hapus tautan WhatsApp pribadi itu, atau pakai nomor resmi kantor.", _COMBINED, is_contact=True),
    Rule("npwp", "NPWP", BLOCK, documents.find_npwp, mask_number,
         "Hapus NPWP itu dari materi.", _FINANCE, is_contact=True),
    Rule("akta_sipil", "Nomor akta catatan sipil", BLOCK, documents.find_civil_certificate, mask_number,
         "Hapus nomor akta itu. Cukup sebut jenis layanannya.", _REGISTER),
    Rule("nomor_hp", "Nomor telepon seluler", BLOCK, telephones.find_mobile, mask_number,
         "Hapus nomor pribadi itu, atau pakai nomor resmi kantor.", _COMBINED, is_contact=True),
    Rule("telepon", "Nomor telepon", WARN, telephones.find_landline, mask_number,
         "Pastikan nomor itu milik kantor, bukan telepon rumah warga.", _COMBINED, is_contact=True),
    Rule("bpjs", "Nomor BPJS atau JKN", BLOCK, documents.find_health_insurance, mask_number,
         "Hapus nomor kepesertaan itu. Cukup sebut bahwa warga telah terdaftar.", _HEALTH),
    Rule("sim", "Nomor SIM", BLOCK, documents.find_driving_licence, mask_number,
         "Hapus nomor SIM itu. Pemiliknya dapat dihubungi tanpa nomor.", _COMBINED),
    Rule("nisn", "NISN", WARN, documents.find_pupil_number, mask_number,
         "Hapus NISN itu. Sebut siswa tanpa nomor, atau cukup jumlahnya.", _CHILD),
    Rule("rekening", "Nomor rekening", BLOCK, accounts.find_account, mask_number,
         "Hapus nomor rekening itu. Data keuangan perorangan tidak boleh tayang.", _FINANCE, is_contact=True),
    Rule("nik_atau_kk", "NIK atau nomor Kartu Keluarga", BLOCK, identities.find_nik_or_kk, mask_number,
         "Hapus nomor itu. Susunannya seperti NIK atau nomor Kartu Keluarga.", _REGISTER),
    Rule("angka_16_digit", "Angka 16 digit", WARN, identities.find_sixteen_digits, mask_number,
         "Periksa angka itu. Enam belas digit dapat berarti NIK yang salah ketik, NPWP, atau nomor kartu.", _COMBINED),
    Rule("paspor", "Nomor paspor", BLOCK, documents.find_passport, mask_number,
         "Hapus nomor paspor itu dari materi.", _COMBINED),
    Rule("tanggal_lahir", "Tanggal lahir", BLOCK, births.find_birth, mask_words,
         "Hapus tanggal lahir itu. Bila perlu, cukup tulis umurnya.", _REGISTER),
    Rule("surel", "Alamat surel", WARN, mail.find_email, mask_email,
         "Pastikan alamat surel itu milik lembaga, bukan milik pribadi.", _COMBINED, is_contact=True),
    Rule("alamat_rt_rw", "Alamat RT/RW", WARN, homes.find_address, mask_words,
         "Pastikan RT/RW itu tempat kegiatan, bukan alamat rumah warga.", _PRIVATE),
    Rule("alamat_rumah", "Alamat rumah", WARN, homes.find_house, mask_words,
         "Hapus alamat rumah itu. Cukup sebut nama desa atau dusunnya.", _PRIVATE),
    Rule("koordinat_rumah", "Titik lokasi rumah", BLOCK, homes.find_home_coordinates, mask_words,
         "Hapus titik lokasi rumah itu. Cukup sebut nama desa atau dusunnya.", _PRIVATE),
    Rule("identitas_anak_hukum", "Identitas anak dalam perkara", BLOCK, children.find_child_in_case, mask_words,
         "Hapus umur, nama, sekolah, dan keterangan lain yang dapat mengungkap anak dalam perkara.", _CASE),
    Rule("data_anak", "Data anak", WARN, persons.find_named_child, mask_words,
         "Pastikan orang tua atau wali menyetujui penyebutan anak itu, atau hapus namanya.", _CHILD),
    Rule("kesehatan_perorangan", "Kesehatan perorangan", WARN, persons.find_named_patient, mask_words,
         "Hapus nama orang itu, atau pastikan ia menyetujui keterangan tentang kesehatannya.", _HEALTH),
    Rule("pelat_nomor", "Pelat nomor kendaraan", INFO, documents.find_plate, mask_words,
         "Pertimbangkan untuk menghapus pelat nomor kendaraan itu.", _COMBINED),
)  # fmt: skip
