"""The project's catalogues: what the screens say where Wagtail and Django have no Indonesian, or other words."""

import ast
import gettext
import re
from pathlib import Path

import pytest
import wagtail
from django.apps import apps
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real

pytestmark = pytest.mark.db_agnostic

CATALOGUES = Path(settings.LOCALE_PATHS[0]) / "id" / "LC_MESSAGES"
DOMAINS = ["django", "djangojs"]
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\{\w+\}")
TAG = re.compile(r"<[^>]+>")
# Words that the office does not use, or that are spelt wrongly.
WRONG_WORDS = re.compile(
    r"!|\banda\b|\bdisini\b|\b[Ss]ilahkan\b|\b[Aa]ntrian\b|\b[Kk]adaluarsa\b|\b[Ii]zin\b|\b[Ee]mail\b|\b[Dd]raf\b"
    r"|publikasi|\b[Tt]erbitkan\b|\b[Ss]ub-halaman\b|\b[Mm]aaf\b|\b[Ee]rror\b|\b[Tt]idak valid\b|\b[Mm]oderasi\b"
)


def read_po(path):
    """Yield (context, msgid, plural, text) of a .po file in which a plural has the one form of Indonesian."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        fields, name = {}, None
        for line in block.splitlines():
            if line.startswith("#"):
                continue
            keyword, quoted = re.fullmatch(r'(?:(\w+(?:\[0\])?) )?(".*")', line).groups()
            name = keyword or name
            fields[name] = fields.get(name, "") + ast.literal_eval(quoted)
        text = fields.get("msgstr") or fields.get("msgstr[0]")
        yield fields.get("msgctxt"), fields["msgid"], fields.get("msgid_plural"), text


def entries(domain):
    return [entry for entry in read_po(CATALOGUES / f"{domain}.po") if entry[1]]


def wagtail_strings(domain):
    """Yield every string that an installed Wagtail app offers for translation."""
    root = Path(wagtail.__file__).parent
    for config in apps.get_app_configs():
        path = Path(config.path) / "locale" / "en" / "LC_MESSAGES" / f"{domain}.po"
        if root in path.parents and path.is_file():
            source = re.sub(r"(?m)^#~.*\n", "", path.read_text(encoding="utf-8")).rstrip() + "\n"
            for block in re.split(r"\n{2,}", source)[1:]:
                lines = [line for line in block.splitlines() if line and not line.startswith("#")]
                wanted = re.search(r'^msgid ((?:".*"\n?)+)', "\n".join(lines) + "\n", re.MULTILINE)
                if wanted:
                    yield "".join(ast.literal_eval(line) for line in wanted.group(1).splitlines())


def spoken(domain):
    """Return what the running site says: the catalogues of all apps, the first that knows a string speaks."""
    if domain == "django":
        catalogue = trans_real.translation("id")._catalog
    else:
        folder = str(Path(apps.get_app_config("wagtailadmin").path) / "locale")
        catalogue = trans_real.DjangoTranslation("id", domain=domain, localedirs=[folder])._catalog
    said = {}
    for key, text in catalogue.items():
        said.setdefault(key, text)
    return said


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_compiled_catalogue_is_the_po_file(domain):
    compiled = gettext.GNUTranslations((CATALOGUES / f"{domain}.mo").open("rb"))._catalog
    written = {}
    for context, msgid, plural, text in entries(domain):
        key = f"{context}\x04{msgid}" if context else msgid
        written[(key, 0) if plural else key] = text
    compiled.pop("", None)
    assert compiled == written, "run manage.py compilemessages -l id (needs gettext) and commit the .mo"


@pytest.mark.parametrize("domain", DOMAINS)
def test_nothing_stands_twice_and_nothing_is_empty(domain):
    keys = [(context, msgid) for context, msgid, _, _ in entries(domain)]
    assert len(keys) == len(set(keys))
    assert all(text and text.strip() for _, _, _, text in entries(domain))


@pytest.mark.parametrize("domain", DOMAINS)
def test_placeholders_and_markup_are_those_of_the_source(domain):
    for _, msgid, plural, text in entries(domain):
        source = plural or msgid
        assert sorted(PLACEHOLDER.findall(text)) == sorted(PLACEHOLDER.findall(source)), msgid
        assert sorted(TAG.findall(text)) == sorted(TAG.findall(source)), msgid
        assert (text[0] == "\n", text[-1] == "\n") == (msgid[0] == "\n", msgid[-1] == "\n"), msgid


@pytest.mark.parametrize("domain", DOMAINS)
def test_every_string_of_the_installed_wagtail_is_indonesian(domain):
    catalogue = spoken(domain)
    known = {key[0] if isinstance(key, tuple) else key.rpartition("\x04")[2] for key in catalogue}
    missing = [msgid for msgid in wagtail_strings(domain) if msgid not in known]
    assert missing == []


@pytest.mark.parametrize("domain", DOMAINS)
def test_the_words_are_those_of_the_office(domain):
    catalogue = spoken(domain)
    wrong = {}
    for msgid in wagtail_strings(domain):
        for key in (msgid, (msgid, 0)):
            text = catalogue.get(key)
            if text and WRONG_WORDS.search(PLACEHOLDER.sub("", TAG.sub("", text))):
                wrong[msgid] = text
    assert wrong == {}


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("Approve", "Setujui"),
        ("Request changes", "Kembalikan untuk perbaikan"),
        ("Publish", "Tayangkan"),
        ("Password", "Kata sandi"),
        ("Username", "Nama pengguna"),
        ("Draft", "Konsep"),
        ("Live", "Tayang"),
        ("Unpublish", "Turunkan dari tayangan"),
    ],
)
def test_our_words_win_over_those_of_wagtail_and_django(english, indonesian):
    with translation.override("id"):
        assert translation.gettext(english) == indonesian


def test_a_plural_has_one_form():
    with translation.override("id"):
        for count in (0, 1, 2, 13):
            text = translation.ngettext("%(num_pages)d page", "%(num_pages)d pages", count)
            assert text == "%(num_pages)d halaman"
