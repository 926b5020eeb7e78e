"""Draws a paper as PDF/UA: tagged, in Indonesian, with its fonts inside."""

import io
import json
import logging
import re
import subprocess
from pathlib import Path

import segno

from moderation.uploads import limited_process

from .document import Paper, PaperTooLarge, as_data

#: Below the half minute after which a web server gives a worker up.
SECONDS = 25
MEMORY = 1536 * 1024 * 1024
TYPESETTER = Path(__file__).with_name("typesetter.py")
#: Between spaces and the marks after which a line may end anyway.
_LONG_WORD = re.compile(r"[^\s/\-]{17,}")
_PIECE = re.compile(r".{1,16}")
#: Emoji and private characters that the fonts inside the wheel lack; the typesetter finds the rarer ones.
_WITHOUT_GLYPH = re.compile("[\U0001f000-\U0010ffff\ue000-\uf8ff]")
_JOINERS = re.compile("[\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
logger = logging.getLogger(__name__)

TOO_LARGE = (
    "Naskah cetak ini terlalu besar untuk dijadikan PDF. Gunakan tombol Cetak, atau persempit isinya dengan saringan."
)


def render(paper: Paper) -> bytes:
    """Return the paper as PDF. Raises PaperTooLarge when it takes too long or too much memory."""
    source = encode(paper)
    try:
        done = limited_process.run(TYPESETTER, SECONDS, MEMORY, content=source.encode(), seconds=SECONDS)
        done.check_returncode()
    except subprocess.TimeoutExpired as error:
        raise PaperTooLarge(TOO_LARGE) from error
    except subprocess.CalledProcessError as error:
        # Ended by a limit of its own, it dies of a signal. Anything else is a fault of ours.
        if error.returncode < 0:
            raise PaperTooLarge(TOO_LARGE) from error
        logger.error("The typesetter failed: %s", error.stderr.decode(errors="replace")[-2000:])
        raise
    return done.stdout


def encode(paper: Paper) -> str:
    """Return the paper as the JSON that the typesetter reads."""
    data = _fit(as_data(paper))
    if paper.code is not None:
        data["code"]["svg"] = draw_code(paper.code.address)
    return json.dumps(data, ensure_ascii=False)


def draw_code(address: str) -> str:
    """Return the QR code of an address as SVG."""
    stream = io.BytesIO()
    segno.make(address, error="m").save(stream, kind="svg", border=2, xmldecl=False)
    return stream.getvalue().decode()


def _fit(value):
    """Return the data with every text breakable and drawable by the fonts inside the wheel."""
    if isinstance(value, str):
        return _LONG_WORD.sub(_break_word, _WITHOUT_GLYPH.sub(_name, _JOINERS.sub("", value)))
    if isinstance(value, dict):
        return {name: found if name in {"href", "address"} else _fit(found) for name, found in value.items()}
    if isinstance(value, list):
        return [_fit(found) for found in value]
    return value


def _name(match) -> str:
    return f"[U+{ord(match[0]):04X}]"


def _break_word(match) -> str:
    """Let a long address or number break anywhere instead of running off the paper."""
    return "\u200b".join(_PIECE.findall(match[0]))
