#!/usr/bin/env bash
# pypdf 7.1.1: extract_text() returns nothing of what readers see in free-text notes, stamps and form fields.
#
# Staff write on a scanned letter with "add text", or fill in a form: the words are an annotation with a picture of its
# own (its appearance), drawn on the page by every reader. Text extraction reads the content of the page alone, says
# nothing of the rest, and returns an empty string, which reads like an empty page.
# Read the appearance and the /Contents of each annotation and the values of the fields too, or say that they were not
# read.
#
# Seen:
#   shown by a reader:  Hubungi Ibu Sri
#   extract_text():     ''
#   annotation says:    Hubungi Ibu Sri
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pypdf==7.1.1
found=$("$folder/venv/bin/python" - "$folder/surat.pdf" <<'PYTHON'
import sys

from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

writer = PdfWriter()
writer.add_blank_page(300, 300)
writer.add_annotation(0, FreeText(text="Hubungi Ibu Sri", rect=(20, 200, 220, 240)))
writer.write(sys.argv[1])
page = PdfReader(sys.argv[1]).pages[0]
print("shown by a reader:  Hubungi Ibu Sri")
print("extract_text():    ", repr(page.extract_text()))
print("annotation says:   ", page["/Annots"][0].get_object()["/Contents"])
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
shown by a reader:  Hubungi Ibu Sri
extract_text():     ''
annotation says:    Hubungi Ibu Sri
SEEN
