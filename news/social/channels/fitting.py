"""Fit a text into a limit: keep the link whole, cut the words, fill up with tags."""

import re
import unicodedata
from collections.abc import Callable, Iterable

ELLIPSIS = "…"
_WHOLE = re.compile(r"https?://|www\.|^\W*[#@]\w|\w\.[a-z]{2,}(/|$)", re.IGNORECASE)


def fit(text: str, tags: Iterable[str], link: str, count: Callable[[str], int], limit: int | None) -> str:
    """Return text, tags and link as one post of at most ``limit`` by ``count``.

    Cuts the text between words when it does not fit beside the link; adds tags in order while they
    fit, never at the cost of a word.
    """
    text = normalise(text)
    link = "" if link in text.split() else link

    def fits(candidate: str) -> bool:
        return limit is None or count(candidate) <= limit

    body = text
    if not fits(assemble(body, (), link)):
        body = cut(text, lambda shorter: fits(assemble(shorter, (), link)))
    kept: list[str] = []
    for tag in hashtags(tags, text):
        if fits(assemble(body, [*kept, tag], link)):
            kept.append(tag)
    return assemble(body, kept, link)


def assemble(body: str, tags: Iterable[str], link: str) -> str:
    """Return the post: text, then tags and link below it."""
    tail = "\n".join(part for part in (" ".join(tags), link) if part)
    return "\n\n".join(part for part in (body, tail) if part)


def normalise(text: str) -> str:
    """Return ``text`` in NFC, with plain line ends and without stray spaces, as networks store it."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def cut(text: str, fits: Callable[[str], bool]) -> str:
    """Return the longest beginning of ``text`` that fits with an ellipsis, cut between words."""
    ends = [match.end() for match in re.finditer(r"\S+", text)]
    low, high = 0, len(ends)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(text[: ends[middle - 1]] + ELLIPSIS):
            low = middle
        else:
            high = middle - 1
    if low:
        return text[: ends[low - 1]].rstrip(",;:–-") + ELLIPSIS
    return _cut_word(text.split()[0] if text else "", fits)


def _cut_word(word: str, fits: Callable[[str], bool]) -> str:
    """Return the beginning of a word that is too long alone, "" for a URL or a tag."""
    if _WHOLE.search(word):
        return ""
    for end in range(len(word) - 1, 0, -1):
        if fits(word[:end] + ELLIPSIS):
            return word[:end] + ELLIPSIS
    return ""


#: An apostrophe or a hyphen inside a word, where a network would end the hashtag.
_INSIDE = re.compile(r"(?<=\w)(?:['`\u2018\u2019\u02bc]|[-\u2010\u2011](?:(?P<next>\w{3,})|(?=\w)))")


def hashtags(tags: Iterable[str], text: str = "") -> list[str]:
    """Return ``tags`` written as hashtags ("desa wisata" is #DesaWisata), none that ``text`` has.

    A word stays one: "Jum'at berkah" is #JumatBerkah, "KTP-el" #KTPel; a longer part begins anew, so
    "anak-anak" is #AnakAnak.
    """
    present = {word.rstrip(".,;:").casefold() for word in text.split() if word.startswith("#")}
    result = []
    for tag in tags:
        joined = _INSIDE.sub(lambda found: _capitalise(found["next"] or ""), unicodedata.normalize("NFC", tag))
        words = re.findall(r"\w+", joined)
        hashtag = "#" + "".join(map(_capitalise, words))
        if len(hashtag) > 1 and not hashtag[1:].isdigit() and hashtag.casefold() not in present:
            present.add(hashtag.casefold())
            result.append(hashtag)
    return result


def _capitalise(word: str) -> str:
    return word[:1].upper() + word[1:]
