#!/usr/bin/env bash
# snowballstemmer 3.1.1, Indonesian: the letter that me- and pe- swallow comes back for s and p, never for k and t; and
# roots that merely look derived are cut.
#
# Tala's stemmer knows no roots. "penutupan" becomes "utup" and never meets "tutup", "pengiriman" never "kirim", while
# "penyewaan" and "pemilihan" do meet "sewa" and "pilih". "kelola", "penduduk", "terima" and "sekolah" lose what was
# never a prefix. Someone who types the noun of a service finds none of the pages that use its verb.
# A list of roots that decides between the readings of a prefix is needed; an index stemmed otherwise must be made anew.
#
# Seen: of ten pairs of related words, sewa and penyewaan, pilih and pemilihan meet; the eight others do not.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet snowballstemmer==3.1.1
found=$("$folder/venv/bin/python" - <<'PYTHON'
import snowballstemmer

stem = snowballstemmer.stemmer("indonesian").stemWord
pairs = """sewa penyewaan, pilih pemilihan, tutup penutupan, tulis menulis, kirim pengiriman, karang mengarang,
kelola pengelolaan, terima penerimaan, penduduk kependudukan, cerai perceraian"""
for pair in pairs.replace("\n", " ").split(","):
    word, related = pair.split()
    print(f"{word:9} {stem(word):7} {related:13} {stem(related):8} {'meet' if stem(word) == stem(related) else '-'}")
PYTHON
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
sewa      sewa    penyewaan     sewa     meet
pilih     pilih   pemilihan     pilih    meet
tutup     tutup   penutupan     utup     -
tulis     tulis   menulis       ulis     -
kirim     kirim   pengiriman    irim     -
karang    karang  mengarang     arang    -
kelola    lola    pengelolaan   elola    -
terima    ima     penerimaan    erima    -
penduduk  duduk   kependudukan  nduduk   -
cerai     cera    perceraian    cerai    -
SEEN
