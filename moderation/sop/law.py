"""What the law lets the office say of information: classes, and grounds by their letter."""

CLASSIFICATIONS = (
    ("berkala", "Informasi berkala"),
    ("serta_merta", "Informasi serta merta"),
    ("setiap_saat", "Informasi setiap saat"),
    ("dikecualikan", "Informasi yang dikecualikan"),
)
EXEMPT = "dikecualikan"
URGENT = "serta_merta"
FAST_LANE = "Jalur cepat"

#: UU 14/2008 Pasal 17: what an exemption can rest on, by the letter of the law.
EXEMPTION_GROUNDS = (
    ("a", "menghambat proses penegakan hukum"),
    ("b", "mengganggu perlindungan hak atas kekayaan intelektual dan persaingan usaha tidak sehat"),
    ("c", "membahayakan pertahanan dan keamanan negara"),
    ("d", "mengungkapkan kekayaan alam Indonesia"),
    ("e", "merugikan ketahanan ekonomi nasional"),
    ("f", "merugikan kepentingan hubungan luar negeri"),
    ("g", "mengungkapkan isi akta otentik yang bersifat pribadi dan kemauan terakhir ataupun wasiat seseorang"),
    ("h", "mengungkap rahasia pribadi"),
    ("i", "memorandum atau surat antarbadan publik atau intrabadan publik yang menurut sifatnya dirahasiakan"),
    ("j", "informasi yang tidak boleh diungkapkan berdasarkan undang-undang"),
)

#: UU 27/2022 Pasal 20: what processing personal data can rest on, by the letter of the law.
PROCESSING_BASES = (
    ("a", "persetujuan yang sah dari pemilik data"),
    ("b", "pemenuhan perjanjian dengan pemilik data"),
    ("c", "kewajiban hukum"),
    ("d", "kepentingan vital pemilik data"),
    ("e", "kepentingan umum, pelayanan publik, atau kewenangan menurut peraturan"),
    ("f", "kepentingan sah lainnya"),
)
