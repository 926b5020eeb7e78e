"""Refuse passwords that people guess first: common words, Indonesian ones and the office's own among them."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError

#: Fewer words than this are guessed; four or more make a passphrase.
_FEW = 3
#: Signs that people write for letters.
_DISGUISES = str.maketrans("01345789@$!", "oieastbgasi")
_ASKED = "Sandi terlalu mudah ditebak: {}. Pakai sedikitnya empat kata yang tidak berhubungan, misalnya dengan spasi."


@cache
def load_words() -> frozenset[str]:
    """Return the words of ``common_words.txt``, and the names of the office, its regency and its villages."""
    text = (Path(__file__).parent / "common_words.txt").read_text()
    listed = (word for line in text.splitlines() if not line.startswith("#") for word in line.split())
    office = settings.OFFICE_FACTS
    names = " ".join([office.name, office.place, office.regency, *(village.name for village in office.villages)])
    return frozenset([*listed, *re.findall(r"[a-z]+", names.lower())])


def count_words(letters: str, words: frozenset[str], most: int) -> int:
    """Return into how few of the words, at most ``most``, all the letters fall; 0 if they do not."""
    #: The fewest words that end at each position.
    fewest = {0: 0}
    longest = max(map(len, words))
    for end in range(1, len(letters) + 1):
        found = [
            fewest[start] + 1
            for start in range(max(0, end - longest), end)
            if start in fewest and letters[start:end] in words
        ]
        if found and min(found) <= most:
            fewest[end] = min(found)
    return fewest.get(len(letters), 0)


class CommonWordsValidator:
    """Refuse a password that is a few common words with digits and signs around them, plain or disguised (r4hasia)."""

    def validate(self, password, user=None):
        folded = password.casefold()
        if len(set(folded)) < 5:
            raise ValidationError(_ASKED.format("terlalu sedikit huruf yang berbeda"), code="password_too_common")
        # Digits at the end are a year or a number, within they may be letters.
        plain = {re.sub(r"[^a-z]", "", form) for form in (folded, folded.translate(_DISGUISES))}
        plain |= {re.sub(r"[^a-z]", "", folded.rstrip("0123456789!@#$%.-_ ").translate(_DISGUISES))}
        for letters in plain:
            if not letters or count_words(letters, load_words(), _FEW):
                raise ValidationError(_ASKED.format("hanya kata yang umum dan angka"), code="password_too_common")

    def get_help_text(self):
        return "Hindari nama kantor dan kata yang umum; empat kata acak atau lebih lebih kuat dan mudah diingat."
