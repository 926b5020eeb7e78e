"""The way from the administrator's first sign-in to what a citizen reads: two photos, a table and a PDF."""

import io

from PIL import Image
from playwright.sync_api import Browser, expect

from moderation.models import Notification
from moderation.ports import jobs
from moderation.sop import Role
from news.models import NewsPage
from tests.support.pdf import make_pdf

from .person import Person
from .site import PASSWORD

TITLE = "Warga Desa Pereng Tanam Seribu Pohon"
LEAD = "Warga Desa Pereng menanam seribu pohon di tepi sungai, Minggu (15/11/2026)."
BODY = "Penanaman pohon diikuti kelompok tani, karang taruna, dan perangkat desa."
ROWS = "Kelompok | Pohon\nKelompok tani | 600\nKarang taruna | 400"
PEOPLE = {
    "ppid": Role.PPID_PEMBANTU,
    "sekretaris": Role.SEKRETARIS,
    "sekretariat": Role.SEKRETARIAT,
    "staf": Role.STAF,
    "bidang": Role.BIDANG,
}
PUBLISHING = "Susun berita", "Serahkan kepada Sekretaris untuk dikoreksi"


def walk(browser: Browser, address: str, width: int) -> list[Person]:
    """Walk from an empty site to a live item; return the people with what they clicked and saw."""
    administrator = Person(browser, address, "Administrator", width)
    invite(administrator)
    people = {name: Person(browser, address, str(role), width) for name, role in PEOPLE.items()}
    for name, person in people.items():
        begin(person, name)
    dispose(people["ppid"])
    take(people["sekretaris"], "Teruskan ke Sekretariat")
    open_item(people["sekretariat"])
    people["sekretariat"].choose("[name=staf]", label="Sdr. staf")
    people["sekretariat"].press("Terima dan tugaskan")
    compose(people["staf"])
    take(people["sekretaris"], "Nyatakan terkoreksi, serahkan ke Bidang")
    verify(people["bidang"])
    take(people["sekretaris"], "Terbitkan perintah tayang")
    take(people["staf"], "Tayangkan sekarang")
    citizen = Person(browser, address, "Warga", width)
    read(citizen)
    return [administrator, *people.values(), citizen]


def sign_in(person: Person, name: str) -> None:
    person.fill(login=name, password=PASSWORD)
    person.press("Masuk")


def invite(administrator: Person) -> None:
    """First day: the office's hours, and an account for each role."""
    administrator.open("/admin/")
    sign_in(administrator, "admin")
    administrator.follow("Isi data kantor")
    administrator.fill(hours="Senin–Jumat pukul 08.00–15.00 WIB")
    administrator.press("Simpan")
    administrator.open("/admin/")
    administrator.follow("Undang petugas")
    rows = [f"Sdr. {name};{name};{name}@kecamatan.example;{role}" for name, role in PEOPLE.items()]
    administrator.fill(table="\n".join(["nama;nama pengguna;surel;peran", *rows]))
    administrator.press("Buat akun dan kirim undangan")


def begin(person: Person, name: str) -> None:
    """Follow the invitation's link, choose a password, sign in."""
    person.open(Notification.objects.get(recipient__username=name).address)
    person.fill(new_password1=PASSWORD, new_password2=PASSWORD)
    person.click("form button[type=submit], form input[type=submit]", leads_on=True)
    person.open("/admin/")
    sign_in(person, name)


def dispose(ppid: Person) -> None:
    ppid.open("/admin/antrean/")
    ppid.follow("Buat disposisi")
    ppid.click("[name=origin][value=kegiatan]")
    ppid.fill(subject=TITLE, activity_name="Penanaman pohon", activity_date="2026-11-15", activity_place="Desa Pereng")
    photos = draw("bibit.jpg", "seagreen"), draw("sungai.jpg", "steelblue")
    ppid.attach("[name=files]", *photos, {"name": "daftar kelompok.pdf", **pdf()})
    ppid.press("Terbitkan disposisi")


def open_item(person: Person) -> None:
    """Open the item's worksheet from the queue."""
    person.open("/admin/antrean/")
    person.follow(TITLE)


def take(person: Person, step: str) -> None:
    """Take a step that needs no more than its button."""
    open_item(person)
    press_step(person, step)


def press_step(person: Person, step: str) -> None:
    form = person.page.locator("form.desk-step").filter(has=person.page.get_by_role("button", name=step, exact=True))
    for group in form.get_by_label("Semua sesuai").all():
        person.click(group)
    person.click(form.get_by_role("button", name=step, exact=True), leads_on=True)
    expect(person.page.locator(".messages .success")).to_be_visible()


def compose(staf: Person) -> None:
    """Begin with the source material, two photos and a PDF; write their words, the text, a table; hand over."""
    begins, ends = PUBLISHING
    open_item(staf)
    staf.press(begins)
    page = staf.page
    staf.fill(lead=LEAD)
    staf.choose("[name=category]", index=1)
    staf.fill(main_image_alt="Warga menanam bibit")
    staf.click(page.locator("[data-contentpath=body] [contenteditable=true]").first)
    page.keyboard.type(BODY)
    staf.fill(**{"body-1-value-alt": "Bibit di tepi sungai"})
    add_block(staf, "Tabel")
    staf.fill(**{"body-3-value-caption": "Pohon menurut kelompok", "body-3-value-rows": ROWS})
    # What the editor saves by itself must be on its way no more.
    page.wait_for_timeout(1500)
    page.wait_for_load_state("networkidle")
    staf.press(ends)
    expect(page.locator(".messages .success")).to_be_visible()


def add_block(person: Person, name: str) -> None:
    """Add a block at the end of the text: two clicks."""
    body = person.page.locator("[data-contentpath=body]").first
    person.click(body.get_by_role("button", name="Sisipkan blok").last)
    person.click(person.page.get_by_role("option", name=name, exact=True))


def verify(bidang: Person) -> None:
    open_item(bidang)
    bidang.choose("[name=classification]", value="berkala")
    press_step(bidang, "Setujui, lanjut ke Sekretaris untuk perintah tayang")


def read(citizen: Person) -> None:
    """From the front page to the article, which holds everything that was handed over."""
    jobs.run_once()
    citizen.open("/")
    citizen.follow(TITLE)
    article = citizen.page.locator("article")
    for text in (LEAD, BODY, "Karang taruna", "daftar kelompok"):
        expect(article.get_by_text(text).first).to_be_visible()
    assert NewsPage.objects.live().get().title == TITLE


def draw(name: str, colour: str) -> dict:
    """A photo of one's own telephone."""
    file = io.BytesIO()
    Image.new("RGB", (1600, 1000), colour).save(file, "JPEG")
    return {"name": name, "mimeType": "image/jpeg", "buffer": file.getvalue()}


def pdf() -> dict:
    return {"mimeType": "application/pdf", "buffer": make_pdf(b"BT /F1 12 Tf 72 700 Td (Daftar kelompok) Tj ET")}
