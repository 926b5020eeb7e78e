#!/usr/bin/env bash
# dateparser 1.5.0, languages=["id"]: "Jum'at", "lusa" and market days are not read, though "Jumat" and "besok" are.
#
# Letters and invitations of Indonesian offices write Friday as "Jum'at" as often as "Jumat", name the Javanese market
# day behind the weekday ("Rabu Pon"), and say "lusa" for the day after tomorrow. Each makes the whole date unreadable
# (None), also where day, month and year stand in full behind it; no error tells which word it was.
# Take the weekday and the market day away before the parser is asked, and compare the weekday yourself.
#
# Seen (asked on 30 November 2026):
#   Jumat, 4 Desember 2026     2026-12-04
#   Jum'at, 4 Desember 2026    None
#   Rabu, 2 Desember 2026      2026-12-02
#   Rabu Pon, 2 Desember 2026  None
#   besok                      2026-12-01
#   lusa                       None
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet dateparser==1.5.0 tzdata
found=$("$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

import dateparser

for text in (
    "Jumat, 4 Desember 2026",
    "Jum'at, 4 Desember 2026",
    "Rabu, 2 Desember 2026",
    "Rabu Pon, 2 Desember 2026",
    "besok",
    "lusa",
):
    read = dateparser.parse(text, languages=["id"], settings={"RELATIVE_BASE": datetime(2026, 11, 30)})
    print(f"{text:<26} {read and read.date()}")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
Jumat, 4 Desember 2026     2026-12-04
Jum'at, 4 Desember 2026    None
Rabu, 2 Desember 2026      2026-12-02
Rabu Pon, 2 Desember 2026  None
besok                      2026-12-01
lusa                       None
SEEN
