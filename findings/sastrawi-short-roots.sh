#!/usr/bin/env bash
# PySastrawi 1.2.1: everyday words of a village office are stemmed to words that are no root, or to another one.
#
# "menikah" becomes "meni", not "nikah"; "pemilu" (election, an abbreviation of pemilihan umum) becomes "milu";
# "peternakan" becomes "terna", not "ternak"; "berlaku" (in force) becomes "laku" (sold, behaviour). The related forms
# "pernikahan" and "ternak" stay what they are, so that who searches for "nikah" misses the page about "menikah", though
# the stemmer was put in to make them meet.
# A search that uses it needs a list of words that are left alone, and a lexicon that decides between readings.
#
# Seen:
#   nikah nikah, menikah meni, pernikahan nikah
#   ternak ternak, peternakan terna
#   pemilu milu, berlaku laku
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet PySastrawi==1.2.1
found=$("$folder/venv/bin/python" -W ignore - <<'PYTHON'
from Sastrawi.Stemmer.StemmerFactory import StemmerFactory

stemmer = StemmerFactory().create_stemmer()
for line in ("nikah menikah pernikahan", "ternak peternakan", "pemilu berlaku"):
    print(", ".join(f"{word} {stemmer.stem(word)}" for word in line.split()))
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
nikah nikah, menikah meni, pernikahan nikah
ternak ternak, peternakan terna
pemilu milu, berlaku laku
SEEN
