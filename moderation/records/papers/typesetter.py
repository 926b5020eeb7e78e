"""Typeset one document as PDF in a separate process: JSON in, PDF out.

Started by ``pdf.render`` with limits of time and memory, so that an expensive document ends only
this process. Imports no Django, reads no file but its template.
"""

import re
import resource
import sys
from pathlib import Path

import typst

_MISSING = re.compile(r'the text `"(.*?)"` could not be displayed', re.DOTALL)
_ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")


def main() -> None:
    seconds, memory = map(int, sys.argv[1:])
    # Layout runs on several cores, so CPU time exceeds wall time.
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.stdout.buffer.write(compose(sys.stdin.buffer.read().decode()))


def compose(source: str) -> bytes:
    """Return the document as PDF/UA, with every character rendered.

    Write a character missing in the fonts as "[U+A9B2]"; PDF/UA forbids to omit it.
    """
    template = Path(__file__).with_name("paper.typ")
    compiler = typst.Compiler(
        root=template.parent,
        # Only the fonts inside the wheel, for the same result on every machine.
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
        ignore_system_fonts=True,
    )
    for _attempt in range(2):
        try:
            return compiler.compile(template, format="pdf", pdf_standards=["ua-1"], sys_inputs={"paper": source})
        except typst.TypstError as problem:
            source = _name_missing(source, problem.diagnostic)
    # Any glyph still missing is rendered as an empty box.
    return compiler.compile(template, format="pdf", sys_inputs={"paper": source})


def _name_missing(source: str, diagnostic: str) -> str:
    missing = {character for text in _MISSING.findall(diagnostic) for character in _read(text) if character > "\x7f"}
    table = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
    return source.translate(table)


def _read(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


if __name__ == "__main__":
    main()
