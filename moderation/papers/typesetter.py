"""Sets one paper as PDF, in a process of its own: JSON in, PDF out.

Started by ``pdf.render`` with a limit of time and memory, so that a paper which turns out to be
too much ends this process and nothing else. Knows no Django, reads no file but its template.
"""

import resource
import sys
from pathlib import Path

import typst

MEMORY = 1536 * 1024 * 1024


def main() -> None:
    seconds = int(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    template = Path(__file__).with_name("paper.typ").read_bytes()
    compiler = typst.Compiler(
        template,
        # The fonts inside the wheel: a paper looks the same on every machine.
        font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True),
        ignore_system_fonts=True,
        sys_inputs={"paper": sys.stdin.buffer.read().decode()},
    )
    sys.stdout.buffer.write(compiler.compile(format="pdf"))


if __name__ == "__main__":
    main()
