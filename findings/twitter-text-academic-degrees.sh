#!/usr/bin/env bash
# twitter-text 3.1.0 (X's own counter): Indonesian academic degrees are links and count 23 characters each.
#
# "M.Si", "S.Ag", "A.Md", "S.Pt" end in the country domains si, ag, md and pt, and nothing asks whether such a host
# exists: a post about an official ("Ir. Budi, M.Si") becomes longer than it reads, costs what a post with a link costs,
# and leads readers to a stranger's site. "M.Pd" and "S.Sos" stay text, because pd and sos are no such domain. A full
# stop behind the degree changes nothing; a space behind the first one ("M. Si") does.
# Warn before such a text is approved, name the word, and offer the form with a space.
#
# Seen: text, links found, length as X counts, length as written
#   Camat Budi, M.Si  M.Si  35 16
#   Camat Budi, M. Si -     17 17
#   Sri, S.Ag.        S.Ag  29 10
#   Joko, A.Md        A.Md  29 10
#   Tri, S.Pt         S.Pt  28 9
#   Ani, M.Pd         -     9 9
#   Eko, S.Sos        -     10 10
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts twitter-text@3.1.0 >/dev/null
found=$(node - <<'SCRIPT'
const { extractUrls, parseTweet } = require("twitter-text");
const texts = ["Camat Budi, M.Si", "Camat Budi, M. Si", "Sri, S.Ag.", "Joko, A.Md", "Tri, S.Pt", "Ani, M.Pd", "Eko, S.Sos"];
for (const text of texts) {
  const links = extractUrls(text).join(" ") || "-";
  console.log(text.padEnd(17), links.padEnd(5), parseTweet(text).weightedLength, text.length);
}
SCRIPT
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
Camat Budi, M.Si  M.Si  35 16
Camat Budi, M. Si -     17 17
Sri, S.Ag.        S.Ag  29 10
Joko, A.Md        A.Md  29 10
Tri, S.Pt         S.Pt  28 9
Ani, M.Pd         -     9 9
Eko, S.Sos        -     10 10
SEEN
