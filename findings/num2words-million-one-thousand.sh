#!/usr/bin/env bash
# num2words 0.5.14, lang="id": a thousand is "seribu" alone but "satu ribu" behind millions.
#
# Indonesian writes 1,000 as "seribu" wherever exactly one thousand is counted: 1.001.000 is "satu juta seribu". The
# package says so below a million (1.001: "seribu satu") and writes "satu juta satu ribu" above it. Amounts on a receipt
# or a budget notice ("terbilang") come out in a form that no bank or treasurer writes.
# Where amounts are written out, do it for the part above and below a million apart, or refuse the package.
#
# Seen:
#   1000     seribu
#   1001     seribu satu
#   1001000  satu juta satu ribu
#   2001500  dua juta satu ribu lima ratus
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet num2words==0.5.14 docopt==0.6.2
found=$("$folder/venv/bin/python" - <<'PYTHON'
from num2words import num2words

for number in (1000, 1001, 1001000, 2001500):
    print(f"{number:<8} {num2words(number, lang='id')}")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
1000     seribu
1001     seribu satu
1001000  satu juta satu ribu
2001500  dua juta satu ribu lima ratus
SEEN
