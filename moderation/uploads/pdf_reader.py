"""Writes the words of one PDF, in a process of its own: PDF in, a line of JSON for each part out.

Started by ``file_texts`` with limits of time and memory, so that a PDF that turns out to be too much ends this
process and nothing else; what was written until then counts. Knows no Django. Whatever is wrong with the
PDF ends it with an error: the last line, ``["end", …]``, says that all was read.
"""

import io
import itertools
import json
import logging
import resource
import sys

from pypdf import PdfReader


def main() -> None:
    seconds, memory, max_pages, max_characters = map(int, sys.argv[1:])
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    # It complains of every oddity, and may quote it.
    logging.disable()
    reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
    room, is_cut, silent = max_characters, False, []
    for number, text in itertools.chain(_read_around(reader), enumerate(_read_pages(reader, max_pages), 1)):
        _write("text", text[:room])
        room -= len(text)
        if number and not text.strip():
            silent.append(number)
        if room <= 0:
            is_cut = True
            break
    _write("end", {"is_cut": is_cut or len(reader.pages) > max_pages, "silent": silent})


def _read_around(reader):
    """Give what the document says beside its pages: its description and the answers in its form."""
    for value in [*(reader.metadata or {}).values(), *reader.get_form_text_fields().values()]:
        if isinstance(value, str):
            yield 0, value


def _read_pages(reader, max_pages):
    for page in itertools.islice(reader.pages, max_pages):
        notes = [annotation.get_object().get("/Contents") for annotation in page.annotations or ()]
        yield "\n".join([page.extract_text(), *(note for note in notes if isinstance(note, str))])


def _write(kind, value) -> None:
    print(json.dumps([kind, value]), flush=True)


if __name__ == "__main__":
    main()
