#!/usr/bin/env bash
# python-docx 1.2.0: Paragraph.text leaves out what was inserted with "track changes" and what stands in a form control.
#
# Word shows all of the paragraph; the library returns only runs and links that are direct children, so that text below
# w:ins (a tracked insertion) or w:sdt (a content control of a form letter) is missing without a word, while deleted
# text is rightly left out. A check of a document for personal data that reads paragraphs finds nothing in just the
# part that somebody filled in or added last.
# Read the text nodes (w:t) of the XML, wherever they stand, not the paragraphs.
#
# Seen:
#   Word shows:  Penerima bantuan: Sukinem, Dusun Sroyo, 12 orang.
#   .text says:  Penerima bantuan: , 12 orang.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet python-docx==1.2.0 lxml==6.0.2 typing_extensions==4.15.0
found=$("$folder/venv/bin/python" - "$folder/surat.docx" <<'PYTHON'
import sys

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

W = nsdecls("w")
document = docx.Document()
paragraph = document.add_paragraph("Penerima bantuan: ")
added = f'<w:ins {W} w:id="1" w:author="Staf" w:date="2026-11-30T08:00:00Z"><w:r><w:t>Sukinem</w:t></w:r></w:ins>'
filled = f'<w:sdt {W}><w:sdtPr/><w:sdtContent><w:r><w:t>, Dusun Sroyo</w:t></w:r></w:sdtContent></w:sdt>'
for part in (added, filled):
    paragraph._p.append(parse_xml(part))
paragraph.add_run(", 12 orang.")
document.save(sys.argv[1])

read = docx.Document(sys.argv[1]).paragraphs[0]
print("Word shows: ", "".join(node.text for node in read._p.iter(qn("w:t"))))
print(".text says: ", read.text)
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
Word shows:  Penerima bantuan: Sukinem, Dusun Sroyo, 12 orang.
.text says:  Penerima bantuan: , 12 orang.
SEEN
