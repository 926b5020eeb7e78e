"""Sets one paper as PDF, in a process of its own: JSON in, PDF out.

Started by ``pdf.render`` with a limit of time and memory, so that a paper which turns out to be
too much ends this process and nothing else. Knows no Django, reads no file but its template.
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
    # Both cores work at a large table, so processor time runs faster than the clock.
    resource.setrlimit(resource.RLIMIT_CPU, (2 * seconds, 2 * seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.stdout.buffer.write(compose(sys.stdin.buffer.read().decode()))


def compose(source: str) -> bytes:
    """Return the paper as PDF/UA: readable to assistive technology, every character drawn.

    What the fonts cannot draw is written as its number, "[U+A9B2]"; the standard forbids to leave it out.
    """
    template = Path(__file__).with_name("paper.typ")
    compiler = typst.Compiler(
        root=template.parent,
        # The fonts inside the wheel: a paper looks the same on every machine.
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
        ignore_system_fonts=True,
    )
    for _attempt in range(2):
        try:
            return compiler.compile(template, format="pdf", pdf_standards=["ua-1"], sys_inputs={"paper": source})
        except typst.TypstError as problem:
            source = _name_missing(source, problem.diagnostic)
    # Whatever is still missing is drawn as an empty box.
    return compiler.compile(template, format="pdf", sys_inputs={"paper": source})


def _name_missing(source: str, diagnostic: str) -> str:
    missing = {character for text in _MISSING.findall(diagnostic) for character in _read(text) if character > "\x7f"}
    table = {ord(character): f"[U+{ord(character):04X}]" for character in missing}
    return source.translate(table)


def _read(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


if __name__ == "__main__":
    main()
