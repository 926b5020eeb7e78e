"""The words of a share by WhatsApp, from the sealed text."""

from urllib.parse import quote

from moderation.chain import corrections

KIND = "whatsapp"
LABEL = "WhatsApp"
#: The title, a note of ralat and the link come on top: together below the 1,024 of a picture's caption, mostly.
MAX_LENGTH = 700
LIMIT = f"Paling banyak {MAX_LENGTH} karakter; judul dan tautan ditambahkan otomatis."


def write_text(page, link: str) -> str:
    """Return the message: what was corrected, the title in bold, the text, and the way to the page."""
    note = page.get_correction_note() or _find_told(page)
    parts = [
        f"{_embolden('RALAT:')} {note}" if note else "",
        _embolden(page.title),
        page.get_channel_text(KIND),
        f"Selengkapnya: {link}",
    ]
    return "\n\n".join(part for part in parts if part)


def _find_told(page) -> str:
    """A message goes on saying what citizens were told to be wrong."""
    return next((permit.correction_note for permit in corrections.find_public(page)), "")


def _embolden(words: str) -> str:
    """WhatsApp's own mark; a title that has it already stays as it is."""
    words = " ".join(words.split())
    return words if "*" in words else f"*{words}*"


def get_chat_address(text: str) -> str:
    """Return the click-to-chat address: WhatsApp asks whom to send it to."""
    return f"https://wa.me/?text={quote(text, safe='')}"


def find_problem(text: str) -> str | None:
    """Return why a text is too long for a short message, None when it is not."""
    excess = len(text) - MAX_LENGTH
    return f"Teks untuk {LABEL} kelebihan {excess} karakter. Persingkat teks ini." if excess > 0 else None
