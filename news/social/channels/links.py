"""Compares the link that was posted with the links that a network gives back."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


def same_link(found: str, posted: str) -> bool:
    """Say whether two addresses are one page: case of the host and a last slash do not count."""
    return bool(posted) and _key(found) == _key(posted)


def _key(link: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ("", "", link)
    return (parts.netloc.lower(), unquote(parts.path).rstrip("/"), parts.query)


def web_address(value: object) -> str:
    """Return ``value`` when it is an address that a browser may open, else nothing."""
    text = value if isinstance(value, str) else ""
    return text if text.startswith(("https://", "http://")) else ""


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if name == "href" and value]

    def handle_data(self, data: str) -> None:
        self.found += data.split()


def links_in(html: str) -> list[str]:
    """Return every address in ``html``: the targets of its links and the words of its text."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    return parser.found
