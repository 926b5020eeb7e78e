"""Split a text into tokens: words, values and URLs, with the marks between them. Plain Python.

Numbers, times and dates compare by value: "1.250.000" equals "Rp1250000,00", but "1,2" differs from "1–2".
Keeps marks that can change a meaning: signs of numbers, sentence borders, commas, quotation marks, brackets,
strike-through. Drops bullets, emphasis and emoji.
"""

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from home.search.words import clean, make_plain

#: Top-level domains of URLs without "https://"; other dotted words may end a sentence.
_ENDINGS = "id|com|net|org|info|me|ly|co|xyz|site|online|top|link|click|shop|app|live|io|gl|gle|cc|page|club|vip|store"
ADDRESS = re.compile(
    rf"https?://[^\s<>\"']+|(?<![\w@.-])(?:[^\W_](?:[\w-]{{0,61}}[^\W_])?\.){{1,6}}(?:{_ENDINGS})\b(?!\.\w)(?::\d+)?"
    r"(?:[/?#][^\s<>\"']*)?",
    re.IGNORECASE,
)
#: Punctuation behind a URL that is not part of it.
AFTER_ADDRESS = ".,;:!?)]}*_~”’…"
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari jan",
            "februari feb pebruari",
            "maret mar",
            "april apr",
            "mei",
            "juni jun",
            "juli jul",
            "agustus agu ags agt",
            "september sep sept",
            "oktober okt",
            "november nov nopember",
            "desember des",
        ),
        1,
    )
    for name in names.split()
}
_TOKEN = re.compile(
    rf"(?P<address>{ADDRESS.pattern})"
    r"|(?<![0-9])(?P<day>[0-9]{1,2})\s+(?P<month>[a-z]{3,9})\.?\s+(?P<year>[0-9]{4})(?![0-9])"
    r"|(?<![0-9/.-])(?P<date>[0-9]{1,2}/[0-9]{1,2}/[0-9]{2}(?:[0-9]{2})?|[0-9]{1,2}([.-])[0-9]{1,2}\6[0-9]{4})"
    r"(?![0-9]|[/.-][0-9])"
    r"|(?P<number>[0-9]+(?:[.,:][0-9]+)*)|(?P<word>[^\W\d_]+(?:['’ʼ][^\W\d_]+)*)|(?P<other>%|[^\W_])",
    re.IGNORECASE,
)
_THOUSANDS = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_TIME = re.compile(r"([01]?[0-9]|2[0-4])[.:]([0-5][0-9])")
_DECIMAL = re.compile(r"([0-9]+),([0-9]+)")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        """
        jl no nomor rp dr drs dra ir h hj kh st prof sdr sdri bpk yth dll dsb dst dkk tgl pkl hlm
        kec kel kab ds dsn gg tn ny an ttd up telp tlp hp
        """,
    )
)
_KEYCAP = re.compile("([0-9])\u20e3")
_POWER = {"²": "2", "³": "3", "¹": "1"}
_FRACTIONS = str.maketrans({"½": " 1/2", "¼": " 1/4", "¾": " 3/4", "⅓": " 1/3", "⅔": " 2/3", "⁄": "/"})
#: Letters of other scripts that look like Latin ones.
_DISGUISES = str.maketrans(
    "аеорсухіјѕԁһѵԝԛүкмтвнгАВЕКМНОРСТУХІЈЅԌԚԜЗοανρτυικχγηΑΒΕΖΗΙΚΜΝΟΡΤΥΧıɑɡℓ",
    "aeopcyxijsdhvwqykmtbhrABEKMHOPCTYXIJSGQW3oavptuikxynABEZHIKMNOPTYXiagl",
)

_DASHES = frozenset("-‐‑‒–—―−")
_OPEN = "([{"
REFUSAL, STRIKE, MINUS, RANGE, CUT = "✗", "~", "−", "–", "…"
#: Normal form of each sign, "" to drop it; crosses and the like count as a refusal.
_MARKS = {
    **dict.fromkeys("*_|#•·▪▫◦●○►▶➤→⇒✓✔☑✅★☆‣⁃∙", ""),
    **dict.fromkeys(".!…", "."),
    **{sign: sign for sign in "?,;:/~@&+=<^$°§"},
    **dict.fromkeys("\"'“”„‟«»‹›‘’‚‛`´「」『』", '"'),
    **dict.fromkeys(_OPEN, "("),
    **dict.fromkeys(")]}", ")"),
    **dict.fromkeys("❌🚫⛔✖❎✗✘🙅👎", REFUSAL),
}
_REPEATED = re.compile(r"(.)\1{3,}", re.DOTALL)
_LONGEST_GAP = 200


class Gap(NamedTuple):
    """The gap before a token: marks, whether a line ends, whether a sentence ends."""

    marks: str = ""
    is_line: bool = False
    is_end: bool = False
    #: Whether it is an empty line, where the site shows something else.
    is_blank: bool = False


class Token(NamedTuple):
    """One word, value or URL: its position in the prepared text, and its normal form."""

    start: int
    end: int
    plain: str
    gap: Gap
    kind: str

    @property
    def is_value(self) -> bool:
        return self.kind in ("number", "date")


def unmask(text: str) -> str:
    """Return the text with lookalike letters replaced by the Latin ones."""
    return text.translate(_DISGUISES)


def prepare(text: str) -> str:
    """Return the text with every sign in its normal form."""
    text = unmask(clean(text).translate(_FRACTIONS))
    text = _KEYCAP.sub(r"\1. ", text)
    text = re.sub("(?<=[A-Za-z])[²³]", lambda found: _POWER[found[0]], text)
    text = re.sub("[²³¹]", lambda found: f"^{_POWER[found[0]]}", text)
    text = unicodedata.normalize("NFKC", text)
    # "Rp. 5.000,-" is "Rp5.000".
    text = re.sub(r"\b(rp)\.\s*(?=[0-9])", r"\1 ", text, flags=re.IGNORECASE)
    return re.sub(r"([0-9]),[-–—]+(?![0-9])", r"\1", text)


def tokenise(text: str, most: int | None = None) -> tuple[list[Token], Gap]:
    """Return the tokens of a prepared text, at most so many, and the gap behind the last one."""
    tokens: list[Token] = []
    end, before = 0, ""
    for found in _TOKEN.finditer(text):
        kind, start, stop = found.lastgroup or "", found.start(), found.end()
        if kind == "year":
            kind = "date"
        plain, stop = _write(found, kind, stop)
        if not plain:
            continue
        gap = _read_gap(text[end:start], before.isdigit(), found.group()[0].isdigit(), not tokens)
        tokens.append(Token(start, stop, plain, gap, kind))
        end, before = stop, text[stop - 1]
        if len(tokens) == most:
            break
    return tokens, _read_gap(text[end:], before.isdigit(), False, not tokens)


def join(tokens) -> str:
    """Return the tokens as one text to search in: single spaces between them and at both ends."""
    return f" {' '.join(token.plain for token in tokens)} " if tokens else ""


def is_border(text: str, tokens: list[Token], place: int) -> bool:
    """Say whether there is a border of a sentence, line or text before the token at ``place``."""
    if place in (0, len(tokens)):
        return True
    token, before = tokens[place], tokens[place - 1]
    if token.gap.is_line:
        return True
    if not token.gap.is_end or before.plain in _ABBREVIATIONS or (len(before.plain) == 1 and before.kind == "word"):
        return False
    first = text[token.start]
    return not first.islower()


def normalise_address(address: str) -> str:
    """Return a URL without parts that do not change its target."""
    plain = re.sub(r"^(?:https?://)?(?:www\.)?", "", address.rstrip(AFTER_ADDRESS), flags=re.IGNORECASE)
    host, slash, path = plain.partition("/")
    return f"{host.lower()}{slash}{path}".rstrip("/")


def _write(found, kind: str, stop: int) -> tuple[str, int]:
    """Return the normal form of a token, and its end."""
    if kind == "address":
        written = found.group().rstrip(AFTER_ADDRESS)
        return f"@{normalise_address(written)}", found.start() + len(written)
    if kind == "date":
        return _write_date(found), stop
    if kind == "number":
        return write_number(found["number"]), stop
    if kind == "other":
        return ("persen" if found.group() == "%" else found.group().casefold()), stop
    return make_plain(found.group()), stop


def _write_date(found) -> str:
    if found["date"]:
        day, month, year = (int(part) for part in re.split("[/.-]", found["date"]))
        year += 2000 if year < 100 else 0
        return f"{year:04}-{month:02}-{day:02}" if month <= 12 and day <= 31 else found["date"]
    named = _MONTHS.get(found["month"].casefold())
    if named is None:
        return " ".join([write_number(found["day"]), make_plain(found["month"]), found["year"]])
    return f"{int(found['year']):04}-{named:02}-{int(found['day']):02}"


@lru_cache(maxsize=10_000)
def write_number(text: str) -> str:
    """Return the value of a number or time; keep long digit strings with a leading zero, which are identifiers."""
    if text.isdigit():
        return str(int(text)) if len(text) <= 2 else text
    if found := _THOUSANDS.fullmatch(text):
        decimals = (found[2] or "").rstrip("0")
        return found[1].replace(".", "") + (f",{decimals}" if decimals else "")
    if found := _TIME.fullmatch(text):
        return f"{int(found[1])}.{found[2]}"
    if found := _DECIMAL.fullmatch(text):
        decimals = found[2].rstrip("0")
        whole = found[1].lstrip("0") or "0"
        return whole + (f",{decimals}" if decimals else "")
    return text


@lru_cache(maxsize=20_000)
def _read_gap(raw: str, after_digit: bool, before_digit: bool, is_first: bool) -> Gap:
    """Return the gap between two tokens."""
    marks, has_end, raw = "", False, _REPEATED.sub(r"\1\1\1", raw)
    if len(raw) > _LONGEST_GAP:
        # So many marks are not punctuation.
        return Gap(STRIKE, "\n" in raw)
    for place, sign in enumerate(raw):
        mark = _read_sign(raw, place, sign, after_digit, before_digit, is_first)
        if mark == "." and marks.endswith((".", CUT)):
            # One full stop ends a sentence; several mean that words were left out.
            marks = marks[:-1] + (CUT if sign == "." else marks[-1])
        elif mark == "?" and marks.endswith((".", "?")):
            marks = f"{marks[:-1]}?"
        elif mark == "." and marks.endswith("?"):
            continue
        else:
            marks += mark
        has_end = has_end or mark in (".", "?")
    is_line = "\n" in raw
    is_end = has_end and any(sign.isspace() for sign in raw)
    return Gap(marks, is_line, is_end, raw.count("\n") > 1)


def _read_sign(raw, place, sign, after_digit, before_digit, is_first) -> str:
    if sign in _MARKS:
        return _MARKS[sign]
    if sign == ">":
        return "" if _begins_line(raw, place, is_first, " >") else ">"
    if sign in _DASHES:
        return _read_dash(raw, place, after_digit, before_digit, is_first)
    category = unicodedata.category(sign)
    if sign.isspace() or category in ("So", "Sk", "Cf", "Cc", "Co", "Cn"):
        return ""
    return STRIKE if category in ("Mn", "Me", "Mc") else sign


def _read_dash(raw, place, after_digit, before_digit, is_first) -> str:
    rest, lead = raw[place + 1 :], raw[:place]
    if before_digit and after_digit and not raw.replace(raw[place], "").strip():
        return RANGE
    if before_digit and not rest and (is_first or lead[-1:].isspace() or lead[-1:] in _OPEN):
        return MINUS
    if raw == raw[place]:
        return "-" if after_digit or before_digit else ""
    return "" if _begins_line(raw, place, is_first, " ") and rest[:1].isspace() else "-"


def _begins_line(raw, place, is_first, between) -> bool:
    """Say whether only these signs precede a place in its line."""
    _before, newline, line = raw[:place].rpartition("\n")
    return bool(newline or is_first) and not line.strip(between)
