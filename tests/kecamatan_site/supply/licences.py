"""The licences of what the product runs on, written to docs/licences.md: ``make licences``.

Usage: python -m tests.kecamatan_site.supply.licences
"""

from importlib import metadata

from .environments import BASE_DIR, RUNTIME_LOCK, read_lock

LIST = BASE_DIR / "docs" / "licences.md"
HEADING = """# Licences

What `requirements.lock` installs, and the licence that each package states of itself. Written by `make licences`; a
test compares it with the packages, and refuses a licence that nobody has looked at.

| Package | Licence |
|---|---|
"""
WORDS = """
Words of others stand in one file of ours: `home/search/lexicon/roots.txt` has the project's own roots, and everyday
ones taken from the word list of tessdata_fast's `ind.traineddata` (Apache-2.0, `home/search/lexicon/LICENSE`).
Not used, though at hand: the roots of PySastrawi, whose package says MIT and whose list is Kateglo's, CC-BY-NC-SA; and
the words of hunspell-id, which are GPL or LGPL.
"""
#: What may stand in the list: nothing in them binds the office's own code, which stays BSD. The LGPL of psycopg and
#: the MPL of certifi bind changes to those libraries themselves, and none is made.
LOOKED_AT = {
    "Apache Software License",
    "Apache-2.0",
    "Apache-2.0 AND CNRI-Python",
    "Apache-2.0 OR BSD-3-Clause",
    "BSD License",
    "BSD License, Apache Software License",
    "BSD License, Apache Software License, Mozilla Public License 2.0 (MPL 2.0)",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC License (ISCL)",
    "LGPL-3.0-only",
    "MIT",
    "MIT License",
    "MIT-0",
    "MIT-CMU",
    "Mozilla Public License 2.0 (MPL 2.0)",
    "PSF-2.0",
    "Python Software Foundation License",
}


def read_licence(name: str) -> str:
    """Return the licence a package states: its SPDX expression, else its classifiers, else its own word."""
    stated = metadata.metadata(name)
    classifiers = stated.get_all("Classifier") or []
    of_licences = [line.rsplit(" :: ", 1)[1] for line in classifiers if line.startswith("License :: ")]
    return stated.get("License-Expression") or ", ".join(of_licences) or (stated.get("License") or "").strip()


def write_list() -> str:
    """Return the text of docs/licences.md."""
    return HEADING + "".join(f"| {name} | {read_licence(name)} |\n" for name in sorted(read_lock(RUNTIME_LOCK))) + WORDS


if __name__ == "__main__":
    LIST.write_text(write_list())
    print(f"{LIST.relative_to(BASE_DIR)}: {len(read_lock(RUNTIME_LOCK))} packages")
