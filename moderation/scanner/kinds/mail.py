"""Mail addresses that are no institution's."""

import re
from collections.abc import Iterator

from ..place import Place
from ..source import Source

_SIGN = re.compile(r"@|[\[(] ?(?:at|a) ?[\])]")
_NAME_BACKWARDS = re.compile(r"[\w.%+\-]{1,64}")
_DOMAIN = re.compile(r"[\w\-]++(?:\.[\w\-]++)+")
_OFFICIAL_DOMAIN = re.compile(r"(?:^|\.)(?:go|desa)\.id$")
#: No official domain, but read as one.
_LOOKS_OFFICIAL = re.compile(r"go\.id")
#: Mailboxes of an institution by their names; at a free provider anybody may take such a name.
_INSTITUTION = re.compile(
    r"(?:^|[^a-z])(?:kecamatan|kec|kelurahan|pemdes|desa|puskesmas|pkm|bumdes|koperasi|posyandu|kua|polsek|koramil|ppid"
    r"|sdn?|smpn?|sman?|smkn?|mtsn?|min|man|tk|paud|rsud|dinkes|disdukcapil|sekretariat|pengaduan)(?![a-z])"
    r"|^(?:kecamatan|pemdes|puskesmas|bumdes|posyandu|polsek|koramil|sdn|smpn|sman|smkn|mtsn)"
)
_ROLE = re.compile(
    r"(?:info|informasi|admin|humas|layanan|pelayanan|cs|kontak|halo|hello|redaksi|sekretariat|support|bantuan|help"
    r"|marketing|pengaduan|lapor|no-?reply|ppdb|pmb|office|kantor|customer\.?(?:care|service))"
)
_FREE_PROVIDERS = re.compile(
    r"(?:g(?:oogle)?mail|ymail|yahoo|rocketmail|outlook|hotmail|live|icloud|proton(?:mail)?|aol|gmx|zoho|yandex|mail|me|msn|tutanota|fastmail|plasa)\."
)


def find_email(source: Source) -> Iterator[Place]:
    low, free_from = source.low, 0
    for sign in _SIGN.finditer(low):
        domain = _DOMAIN.match(low, sign.end() + (low[sign.end() : sign.end() + 1] == " "))
        if not domain or not domain.group().rpartition(".")[2].isalpha():
            continue
        end = sign.start() - (low[sign.start() - 1 : sign.start()] == " " and sign.group() != "@")
        name = _NAME_BACKWARDS.match(low[max(free_from, end - 64) : end][::-1])
        if not name:
            continue
        written = name.group()[::-1]
        if not _is_of_institution(written, domain.group()):
            yield Place(end - len(written), domain.end(), f"{written}@{domain.group()}")
            free_from = domain.end()


def _is_of_institution(name: str, domain: str) -> bool:
    """Say whose mailbox it is; an office's own one at a free provider stands on its allow-list."""
    if _OFFICIAL_DOMAIN.search(domain):
        return True
    if _FREE_PROVIDERS.match(domain) or _LOOKS_OFFICIAL.search(domain):
        return False
    return bool(_INSTITUTION.search(name) or _ROLE.fullmatch(name))
