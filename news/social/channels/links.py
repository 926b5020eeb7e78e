"""Compare the posted link with the links that a network returns."""

from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit


def same_link(found: str, posted: str) -> bool:
    """Say whether two URLs are the same page; ignore the host's case and a last slash."""
    return bool(posted) and _key(found) == _key(posted)


def _key(link: str) -> tuple[str, str, str]:
    try:
        parts = urlsplit(link.strip())
    except ValueError:
        return ("", "", link)
    return (parts.netloc.lower(), unquote(parts.path).rstrip("/"), parts.query)


def web_address(value: object) -> str:
    """Return ``value`` when it is an http(s) URL, else ""."""
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
    """Return the link targets and the words of ``html``, among them every URL."""
    parser = _Links()
    parser.feed(html)
    parser.close()
    return parser.found
