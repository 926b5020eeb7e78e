"""The components of a service standard beside those that a service's page has fields of its own for.

UU 25/2009 Pasal 21 names fourteen; PermenPANRB 15/2014 lets an office print six of them with each service (and these
have their fields), and keeps the other eight, which most services share.
"""

from wagtail import blocks
from wagtail.fields import StreamField

#: Name in the database: label and example, in the law's order.
COMPONENTS = {
    "facilities": (
        "Sarana, prasarana, dan fasilitas",
        "Misalnya: Ruang tunggu, kursi roda, loket ramah penyandang disabilitas.",
    ),
    "competence": ("Kompetensi pelaksana", "Misalnya: Memahami administrasi kependudukan."),
    "supervision": ("Pengawasan internal", "Misalnya: Oleh Kepala Seksi Pelayanan, setiap bulan."),
    "complaints": ("Penanganan pengaduan, saran, dan masukan", "Ke mana warga mengadu, dan kapan dijawab."),
    "staff": ("Jumlah pelaksana", "Misalnya: Dua orang."),
    "guarantee": ("Jaminan pelayanan", "Misalnya: Dilayani menurut standar ini, tanpa pungutan."),
    "safety": ("Jaminan keamanan dan keselamatan pelayanan", "Misalnya: Berkas disimpan dalam lemari terkunci."),
    "evaluation": ("Evaluasi kinerja pelaksana", "Misalnya: Survei kepuasan masyarakat setiap semester."),
}


def make_field(help_text: str) -> StreamField:
    """Return the field of a page for these components, each at most once."""
    texts = [
        (name, blocks.TextBlock(label=label, help_text=example, max_length=600, rows=2))
        for name, (label, example) in COMPONENTS.items()
    ]
    return StreamField(
        texts,
        verbose_name="komponen standar pelayanan",
        blank=True,
        block_counts={name: {"max_num": 1} for name in COMPONENTS},
        help_text=help_text,
    )


def list_components(own, common) -> list[tuple[str, str]]:
    """Return the filled components as (label, text) in the law's order: the service's own before those of all."""
    texts = {block.block_type: block.value for block in (*common, *own)}
    return [(label, texts[name]) for name, (label, _example) in COMPONENTS.items() if name in texts]
