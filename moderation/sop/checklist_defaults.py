"""The checklists a new site starts with; from then on the office edits its own in the settings."""

from .steps import StepCode

#: Step -> (how it is used, ((group, items), …)).
DEFAULTS = {
    StepCode.CORRECTION: (
        "recommended",
        (
            (
                "",
                (
                    "Judul dan teras sesuai dengan isi; ejaan dan tata bahasa baku.",
                    "Nama, jabatan, tanggal, dan angka cocok dengan bahan.",
                    "Gambar berkredit, berketerangan, dan memiliki teks alternatif.",
                    "Tidak memuat data pribadi yang tidak diperlukan.",
                    "Teks setiap kanal sesuai dengan isi berita.",
                ),
            ),
        ),
    ),
    StepCode.VERIFICATION: (
        "required",
        (
            (
                "A. Fakta",
                (
                    "Apa, siapa, kapan, di mana, mengapa, bagaimana terjawab.",
                    "Nama, gelar, pangkat, dan jabatan pejabat benar.",
                    "Hari cocok dengan tanggal; waktu memakai WIB.",
                    "Angka, satuan, dan nilai rupiah cocok dengan bahan.",
                    "Nama desa/dusun/instansi benar.",
                    "Kutipan sesuai narasumber dan disetujui.",
                    "Sumber tercatat (surat masuk/kegiatan/narasumber).",
                ),
            ),
            (
                "B. Klasifikasi",
                (
                    "Klasifikasi informasi ditetapkan.",
                    "Tidak memuat informasi yang dikecualikan (Ps. 17).",
                    "Bukan konsep kebijakan/dokumen internal yang belum ditetapkan.",
                ),
            ),
            (
                "C. Data pribadi",
                (
                    "Temuan pemeriksaan otomatis tuntas.",
                    "Dasar penyebutan warga tercatat.",
                    "Tidak ada identitas anak dalam perkara; foto anak berizin orang tua/wali.",
                    "Tidak ada data kesehatan/keuangan perorangan.",
                ),
            ),
            (
                "D. Foto dan hak cipta",
                (
                    "Foto milik sendiri atau berizin; kredit ditulis.",
                    "Orang yang menonjol dalam foto setuju.",
                    "Teks alternatif menjelaskan gambar.",
                    "Tidak tampak KTP/KK/dokumen/rekening.",
                ),
            ),
            (
                "E. Kepatutan",
                (
                    "Tidak menyinggung SARA, tidak mengandung ujaran kebencian, hoaks, atau fitnah.",
                    "Netral; tidak memuat kampanye atau ajakan politik; tidak mempromosikan usaha tertentu.",
                    "Bahasa Indonesia baku, sopan, mudah dipahami.",
                ),
            ),
            (
                "F. Kanal",
                (
                    "Ringkasan media sosial sesuai isi dan tidak menambah klaim.",
                    "Kanal dan waktu tayang tepat.",
                    "Tautan berfungsi.",
                ),
            ),
        ),
    ),
    StepCode.PUBLICATION_ORDER: (
        "recommended",
        (
            (
                "",
                (
                    "Catatan verifikator sudah dibaca.",
                    "Kanal yang dipilih sesuai dengan isi dan sasaran berita.",
                    "Waktu tayang tepat.",
                    "Tidak ada perkembangan baru yang membuat isi berita keliru.",
                ),
            ),
        ),
    ),
}
