"""Extract the text of one PDF in a separate process: PDF in, one line of JSON for each part out.

Started by ``text_extraction`` with limits of time and memory, so that a hostile PDF ends only this
process; the lines written until then are used. Imports no Django. Any fault in the PDF ends the
process with an error; the last line, ``["end", …]``, means that everything was read.
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
    # The library logs every oddity and may quote the text.
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
    """Yield the document's metadata and the values of its form fields."""
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
