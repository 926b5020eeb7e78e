"""Compose the WhatsApp message from the sealed text."""

from urllib.parse import quote

from moderation.chain import corrections

KIND = "whatsapp"
LABEL = "WhatsApp"
#: Maximum length of the text; title, ralat note and link usually keep the whole below a caption's 1,024.
MAX_LENGTH = 700
LIMIT = f"Paling banyak {MAX_LENGTH} karakter; judul dan tautan ditambahkan otomatis."


def write_text(page, link: str) -> str:
    """Return the message: ralat note, title in bold, text, and link."""
    note = page.get_correction_note() or _find_public_note(page)
    parts = [
        f"{_embolden('RALAT:')} {note}" if note else "",
        _embolden(page.title),
        page.get_channel_text(KIND),
        f"Selengkapnya: {link}",
    ]
    return "\n\n".join(part for part in parts if part)


def _find_public_note(page) -> str:
    """Return the newest public ralat note, "" without one."""
    return next((permit.correction_note for permit in corrections.find_public(page)), "")


def _embolden(words: str) -> str:
    """Mark a title bold in WhatsApp's syntax, unless it contains the mark."""
    words = " ".join(words.split())
    return words if "*" in words else f"*{words}*"


def get_chat_address(text: str) -> str:
    """Return the click-to-chat URL, which lets the user choose the recipient."""
    return f"https://wa.me/?text={quote(text, safe='')}"


def find_problem(text: str) -> str | None:
    """Return why a text is too long for a message, None when it is not."""
    excess = len(text) - MAX_LENGTH
    return f"Teks untuk {LABEL} kelebihan {excess} karakter. Persingkat teks ini." if excess > 0 else None
