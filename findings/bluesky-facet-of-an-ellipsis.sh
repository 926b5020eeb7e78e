#!/usr/bin/env bash
# @atproto/api 0.19.19, RichText.detectFacets: "https://..." in a text becomes a link to "https://..".
#
# Whoever warns of a false address writes it shortened ("jangan buka https://... dari nomor tak dikenal"). The official
# client's detection makes a link facet of it whose target has no host and lost one full stop; a personal data server
# that checks the format of its records refuses such a post, after the article was published. An address between angle
# brackets, as mail programs write it, gets no facet at all and stays plain text.
# Give a facet to what has a host alone, and let the preview show which words will be links.
#
# Seen:
#   jangan buka https://... ya   https://..
#   lihat https://contoh.go.id   https://contoh.go.id
#   lihat <https://contoh.go.id> -
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund --ignore-scripts @atproto/api@0.19.19 >/dev/null
found=$(node - <<'SCRIPT'
const { RichText } = require("@atproto/api");
for (const text of ["jangan buka https://... ya", "lihat https://contoh.go.id", "lihat <https://contoh.go.id>"]) {
  const rich = new RichText({ text });
  rich.detectFacetsWithoutResolution();
  const links = (rich.facets || []).map((facet) => facet.features[0].uri);
  console.log(text.padEnd(28), links.join(" ") || "-");
}
SCRIPT
)
echo "$found"
diff <(echo "$found") - <<'SEEN'
jangan buka https://... ya   https://..
lihat https://contoh.go.id   https://contoh.go.id
lihat <https://contoh.go.id> -
SEEN
