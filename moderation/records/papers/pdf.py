"""Render a document as PDF/UA: tagged, in Indonesian, with embedded fonts."""

import io
import json
import logging
import re
import subprocess
from pathlib import Path

import segno

from moderation.uploads import limited_process

from .document import Paper, PaperTooLarge, as_data

#: Seconds, below the web server's timeout of 30.
SECONDS = 25
MEMORY = 1536 * 1024 * 1024
TYPESETTER = Path(__file__).with_name("typesetter.py")
#: Long runs without a space or another break opportunity.
_LONG_WORD = re.compile(r"[^\s/\-]{17,}")
_PIECE = re.compile(r".{1,16}")
#: Emoji and private characters that the fonts inside the wheel lack; the typesetter finds the rarer ones.
_WITHOUT_GLYPH = re.compile("[\U0001f000-\U0010ffff\ue000-\uf8ff]")
#: Joiners and breaks without a width; those that a long word needs are added after.
_JOINERS = re.compile("[\u200b\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
logger = logging.getLogger(__name__)

TOO_LARGE = (
    "Naskah cetak ini terlalu besar untuk dijadikan PDF. Gunakan tombol Cetak, atau persempit isinya dengan saringan."
)


def render(paper: Paper) -> bytes:
    """Return the document as PDF. Raises PaperTooLarge when it takes too long or too much memory."""
    source = encode(paper)
    try:
        done = limited_process.run(TYPESETTER, SECONDS, MEMORY, content=source.encode(), seconds=SECONDS)
        done.check_returncode()
    except subprocess.TimeoutExpired as error:
        raise PaperTooLarge(TOO_LARGE) from error
    except subprocess.CalledProcessError as error:
        # A limit ends the process by a signal. Any other failure is a bug.
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
    """Return the data with break opportunities in every text and no unsupported characters."""
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
    """Allow breaks anywhere in a long URL or number."""
    return "\u200b".join(_PIECE.findall(match[0]))
