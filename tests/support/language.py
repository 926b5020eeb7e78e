"""Tell English from Indonesian in what a screen says, and find the screens of an account."""

import re
from urllib.parse import parse_qs, urljoin, urlsplit

import lxml.html
from django.urls import Resolver404, resolve

#: English words that Indonesian does not have; one of them in a sentence makes it English.
ENGLISH = frozenset(
    re.findall(
        r"\w+",
        """
    the and of is are was were be been being am you your yours this that these those with for from not have has had
    will would can cannot could should there here which what when where who how why into onto than then only also
    page pages image images document documents file files user users group groups site sites setting settings
    save saved saving delete deleted deleting edit edited editing add added adding new create created creating
    choose chosen select selected search searching upload uploaded uploading close closed open opened view viewed
    more less last first next previous current all none any each every other another change changed changes
    comment comments history published publish unpublish unpublished draft drafts report reports help home
    log sign password username name title description date time year month day ago locked lock unlock unlocked
    copy copied move moved sort sorted filter filters apply applied clear cancel cancelled submit submitted confirm
    confirmed yes enabled disabled available required invalid valid please sorry error errors failed success
    successfully show hide hidden visible toggle expand collapse collapsed actions action browse browser
    preview schedule scheduled reject rejected approve approved request requested moderation workflow review
    privacy public private password reset usage used unused collection collections link links insert remove removed
    bold italic heading block blocks item items row rows column columns content contents text choice choices
    it its an or if on by as at my me we us our they them their he she his her do does did done
    """,
    )
)
#: What is spelt like English and is the office's, the law's or a product's own name.
NAMES = re.compile(
    r"Wagtail|WhatsApp|Meta for Developers|US\$|Facebook|Mastodon|X \(Twitter\)|Telegram|Google Docs|YouTube|"
    r"UTC|HTML|PDF|CSV|XLSX|JPEG|PNG|"
    r"\b[\w.+-]+@[\w-]+(\.[\w-]+)+\b|https?://\S+|\b[\w-]+(\.[\w-]+)+\b|/[\w/-]+/|\bA4\b"
)
#: Letters beside digits are part of a seal: "61be".
WORD = re.compile(r"\b[A-Za-z]+\b")
CUT = re.compile(r"\w+…")
#: The screens that say something else for each item.
EACH = ("moderation:worksheet", "wagtailadmin_pages:edit")
SILENT = ("script", "style", "template", "code", "noscript", "svg")
SPOKEN_ATTRIBUTES = ("title", "aria-label", "aria-description", "placeholder", "alt", "data-w-tooltip-content-value")


def find_english(text: str) -> list[str]:
    """Return the English words of a text that has any."""
    # A title that was cut short ends in a part of a word.
    words = WORD.findall(CUT.sub(" ", NAMES.sub(" ", text)))
    return [word for word in words if word.lower() in ENGLISH]


def read_spoken(html: str) -> list[str]:
    """Return what a screen says, aloud or in its labels, phrase by phrase."""
    said = []
    _listen(lxml.html.document_fromstring(html), said)
    phrases = (" ".join(phrase.split()) for phrase in said)
    return [phrase for phrase in phrases if phrase]


def _listen(tag, said: list[str]) -> None:
    if isinstance(tag, lxml.html.HtmlElement) and not _is_silent(tag):
        said.append(tag.text or "")
        said += [tag.get(name, "") for name in SPOKEN_ATTRIBUTES]
        if tag.tag == "input" and tag.get("type") in {"submit", "button", "reset"}:
            said.append(tag.get("value", ""))
        for child in tag:
            _listen(child, said)
    said.append(tag.tail or "")


def _is_silent(tag) -> bool:
    """Say whether a tag is not read, or says what nobody translates: places, what the office wrote."""
    return (
        tag.tag in SILENT
        or tag.get("lang") == "en"
        or tag.get("name", "").endswith("current_time_zone")
        or "desk-written" in tag.get("class", "").split()
        or (tag.tag == "input" and tag.get("type") == "hidden")
    )


def find_links(html: str, address: str) -> list[str]:
    """Return the addresses of the admin that a screen leads to."""
    document = lxml.html.document_fromstring(html)
    links = [urljoin(address, tag.get("href")).split("#")[0] for tag in document.iter("a") if "href" in tag.attrib]
    # The menu is drawn by script, from what the page carries as JSON.
    for menu in document.xpath("//*[@id='wagtail-sidebar-props']"):
        links += re.findall(r'"(?:url|href)": ?"(/admin/[^"]*)"', menu.text)
    return [link for link in links if link.startswith("/admin/")]


def name_screen(address: str) -> tuple | None:
    """Return what makes a screen its own: its view and the names of its parameters; None when it
    ends the session."""
    parts = urlsplit(address)
    try:
        found = resolve(parts.path)
    except Resolver404:
        return None
    if "logout" in found.view_name:
        return None
    return (
        found.view_name,
        tuple(sorted(name for name, value in found.kwargs.items() if isinstance(value, str))),
        tuple(sorted(parse_qs(parts.query))),
    )


def crawl(client, start: str = "/admin/"):
    """Yield (address, html) of every screen that can be reached from the start: each view once,
    each worksheet and each page's editor, whose screens differ with the item."""
    waiting, seen = [start], set()
    while waiting:
        address = waiting.pop(0)
        screen = name_screen(address)
        if screen is not None and screen[0] in EACH:
            screen = (*screen, urlsplit(address).path)
        if screen is None or screen in seen:
            continue
        seen.add(screen)
        response = client.get(address, follow=True)
        if response.status_code != 200 or not response.headers.get("content-type", "").startswith("text/html"):
            assert response.status_code in {200, 403, 404}, f"{address}: {response.status_code}"
            continue
        html = response.content.decode()
        yield address, html
        waiting += find_links(html, response.request["PATH_INFO"])
