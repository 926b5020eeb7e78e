"""Parse the texts of demo and starter pages into StreamField blocks.

A blank line ends a block. ``## `` begins a heading, ``> words -- source`` is a quote, lines with ``- `` are a list,
``[picture] alt | caption`` is a picture, and such lines below ``[galeri] title`` are a gallery.
"""

import html
import re

from django.conf import settings

_PICTURE = re.compile(r"\[([\w-]+)\] (.+?) \| (.+)")
_QUOTE = re.compile(r"> (.+) -- (.+)")


def get_credit() -> str:
    """Return the credit of a drawn picture."""
    return f"Ilustrasi {settings.OFFICE_FACTS.name}"


def read_blocks(text: str) -> list[tuple[str, object]]:
    """Return the blocks as (type, value); pictures are given by name."""
    return [_read_block(block) for block in re.split(r"\n\s*\n", text.strip())]


def _read_block(block: str) -> tuple[str, object]:
    lines = block.splitlines()
    if block.startswith("## "):
        return "heading", {"level": "h2", "text": block.removeprefix("## ")}
    if found := _QUOTE.fullmatch(block):
        return "quote", {"text": found[1], "source": found[2]}
    if block.startswith("[galeri] "):
        title, *pictures = lines
        return "gallery", {
            "title": title.removeprefix("[galeri] "),
            "pictures": [_read_picture(one) for one in pictures],
        }
    if block.startswith("["):
        return "image", _read_picture(block)
    if all(line.startswith("- ") for line in lines):
        points = "".join(f"<li>{html.escape(line.removeprefix('- '), quote=False)}</li>" for line in lines)
        return "paragraph", f"<ul>{points}</ul>"
    return "paragraph", f"<p>{html.escape(block, quote=False)}</p>"


def _read_picture(line: str) -> dict:
    name, alt, caption = _PICTURE.fullmatch(line).groups()
    return {"photo": name, "alt": alt, "caption": caption, "credit": get_credit()}
