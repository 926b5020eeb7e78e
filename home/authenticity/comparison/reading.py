"""Read a pasted text: its pieces, its URLs, and tricks that hide a change."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import SplitResult, urlsplit

from home.search.words import clean, make_plain

from . import courtesy
from .tokens import ADDRESS, AFTER_ADDRESS, Gap, Token, is_border, join, prepare, tokenise, unmask

#: HTML tags without visible words.
_TAG = re.compile(r"</?(?:p|br|b|strong|em|i|u|li|ul|ol|div|span|h[1-6]|blockquote)\s*/?>", re.IGNORECASE)
#: Control characters that change the visible order of letters and digits.
_TURNING = re.compile("[\u200f\u061c\u202b\u202d\u202e\u2067]")
_TAG_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
#: Maximum length of a token at the beginning of a line that only counts the lines.
_LONGEST_ENUMERATOR = 2
#: Maximum pieces; a text with more is not compared piece by piece.
MOST_PIECES = 600
#: Maximum tokens; a text with more is longer than any article, and compared with none.
MOST_TOKENS = 9_000
_CLAUSE = frozenset(",.:;-!?…")


@dataclass(frozen=True)
class Piece:
    """Consecutive tokens judged as one: a sentence, a line, a greeting, a URL, a row of tags."""

    first: int
    last: int
    kind: str = "words"

    def __len__(self) -> int:
        return self.last - self.first


@dataclass(frozen=True)
class Reading:
    """One pasted text, prepared for comparison."""

    raw: str
    office_words: frozenset[str] = frozenset()

    @cached_property
    def addresses(self) -> list[str]:
        """The distinct URLs in it, as written."""
        return list(dict.fromkeys(find_addresses(clean(self.raw))))

    @cached_property
    def text(self) -> str:
        """The normalised text without stamps of messengers."""
        return courtesy.drop_stamps(prepare(_TAG.sub("\n", self.raw)))

    @cached_property
    def _tokens(self) -> tuple[list[Token], Gap]:
        return tokenise(self.text, MOST_TOKENS + 1)

    @property
    def tokens(self) -> list[Token]:
        return self._tokens[0]

    @property
    def is_too_long(self) -> bool:
        """Whether the text has more tokens or pieces than are compared."""
        return len(self.tokens) > MOST_TOKENS or len(self.pieces) > MOST_PIECES

    @property
    def tail(self) -> Gap:
        """The marks behind the last token."""
        return self._tokens[1]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The pieces in order; ``kind`` marks greetings and the like."""
        if not self.tokens:
            return []
        starts = [0]
        starts += [place for place in range(1, len(self.tokens)) if self._begins(place)]
        spans = list(zip(starts, [*starts[1:], len(self.tokens)], strict=True))
        if len(spans) > MOST_PIECES:
            return [Piece(first, last) for first, last in spans]
        return [piece for first, last in spans for piece in self._cut_off_courtesy(first, last)]

    @cached_property
    def sought(self) -> list[list[tuple[str, frozenset[str]]]]:
        """Normalised text and words of each piece, and the same without its enumerator where it has one."""
        sought = []
        for piece in self.pieces:
            starts = [piece.first]
            if len(piece) > 1 and self.is_enumerator(piece.first):
                starts.append(piece.first + 1)
            texts = [join(self.tokens[start : piece.last]) for start in starts]
            sought.append([(text, frozenset(text.split())) for text in texts])
        return sought

    @property
    def words(self) -> list[str]:
        """The normalised words, without greetings, tags and URLs."""
        said = [piece for piece in self.pieces if piece.kind == "words"]
        return [token.plain for piece in said for token in self.tokens[self._skip(piece) : piece.last]]

    @property
    def said(self) -> str:
        """The same words as written."""
        if len(self.pieces) > MOST_PIECES:
            return self.text
        lines: list[str] = []
        for piece in self.pieces:
            if piece.kind == "words":
                text = self.write(Piece(self._skip(piece), piece.last))
                if lines and not self.tokens[piece.first].gap.is_line:
                    lines[-1] += f" {text}"
                else:
                    lines.append(text)
        return "\n".join(lines)

    def write(self, piece: Piece) -> str:
        """Return a piece as written, with the marks around it."""
        end = self.tokens[piece.last].start if piece.last < len(self.tokens) else len(self.text)
        begin = self.tokens[piece.first].start
        before = self.tokens[piece.first - 1].end if piece.first else 0
        lead = re.search(r"(?:^|\s)([^\s\w]*)$", self.text[before:begin])
        marks = lead[1] if lead and (not piece.first or lead[0][:1].isspace()) else ""
        # The marks before the next words belong to those.
        text = self.text[begin:end]
        behind = re.search(r"\s[^\s\w]*$", text) if piece.last < len(self.tokens) else None
        text = text[: behind.start()] if behind else text
        return f"{marks}{text}".strip().strip("*_").strip()

    def is_enumerator(self, place: int) -> bool:
        """Say whether a token only counts its line: "1." or "a)"."""
        if place + 1 >= len(self.tokens):
            return False
        token, following = self.tokens[place : place + 2]
        begins = place == 0 or token.gap.is_line
        is_mark = following.gap.marks[:1] in (".", ")") and not following.gap.is_line
        return begins and is_mark and len(token.plain) <= _LONGEST_ENUMERATOR and token.kind in ("number", "word")

    def _skip(self, piece: Piece) -> int:
        """Return where the words of a piece begin, behind an enumerator."""
        return piece.first + (len(piece) > 1 and self.is_enumerator(piece.first))

    def list_tags(self, piece: Piece) -> list[tuple[str, list[str]]]:
        """Return the tags of a piece as written, each with its words."""
        tags = []
        for token in self.tokens[piece.first : piece.last]:
            written = self.text[token.start : token.end]
            parts = [make_plain(part) for part in _TAG_PARTS.findall(written)]
            tags.append((f"#{written}", list(dict.fromkeys([token.plain, *parts]))))
        return tags

    @cached_property
    def disguised(self) -> tuple[str, ...]:
        """The words with lookalike letters."""
        found = (word for word in re.findall(r"\w+", ADDRESS.sub(" ", clean(self.raw))) if unmask(word) != word)
        return tuple(dict.fromkeys(found))[:10]

    @property
    def is_turned(self) -> bool:
        """Whether bidirectional controls may change the visible order."""
        return bool(_TURNING.search(self.raw))

    def _begins(self, place: int) -> bool:
        """Say whether a piece begins at a token."""
        token, before = self.tokens[place], self.tokens[place - 1]
        if self.is_enumerator(place - 1):
            return False
        if is_border(self.text, self.tokens, place) or token.gap.is_end or "address" in (token.kind, before.kind):
            return True
        return self._is_tag(place) and not self._is_tag(place - 1) and self._is_tag_to_the_end(place)

    def _is_tag(self, place: int) -> bool:
        return self.tokens[place].start > 0 and self.text[self.tokens[place].start - 1] == "#"

    def _is_tag_to_the_end(self, place: int) -> bool:
        """Say whether only tags and URLs follow from a token to the end of its line."""
        for following in range(place, len(self.tokens)):
            if following > place and self.tokens[following].gap.is_line:
                break
            if not self._is_tag(following) and self.tokens[following].kind != "address":
                return False
        return True

    def _cut_off_courtesy(self, first: int, last: int):
        """Split a stretch into pieces: leading greetings, the rest, trailing thanks."""
        if self.tokens[first].kind == "address":
            return [Piece(first, last, "address")]
        if all(self._is_tag(place) for place in range(first, last)):
            return [Piece(first, last, "tags")]
        if self._is_courtesy(first, last):
            return [Piece(first, last, "courtesy")]
        pieces = []
        for place in range(min(last - 1, first + courtesy.LONGEST), first, -1):
            if _CLAUSE & set(self.tokens[place].gap.marks) and self._is_courtesy(first, place):
                pieces, first = [Piece(first, place, "courtesy")], place
                break
        for place in range(max(first + 1, last - courtesy.LONGEST), last):
            if _CLAUSE & set(self.tokens[place].gap.marks) and self._is_courtesy(place, last):
                return [*pieces, Piece(first, place), Piece(place, last, "courtesy")]
        return [*pieces, Piece(first, last)]

    def _is_courtesy(self, first: int, last: int) -> bool:
        tokens = self.tokens[first:last]
        # A greeting that is struck through, doubted or refused is none.
        if any({"~", "✗", "?"} & set(token.gap.marks) for token in tokens):
            return False
        return courtesy.is_courtesy(join(tokens), self.office_words)


def find_addresses(text: str) -> list[str]:
    return [found.rstrip(AFTER_ADDRESS) for found in ADDRESS.findall(text)]


def read_address(address: str) -> SplitResult | None:
    """Return the parts of a URL, with or without "https://"; None for another text."""
    try:
        parts = urlsplit(address if "://" in address else f"https://{address}")
        return parts if parts.hostname else None
    except ValueError:
        return None
