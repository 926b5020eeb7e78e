"""Tell arguments of an address that some page reads from those that change nothing: utm_source, fbclid, whatever comes.

home/serving/front_server.py writes the two patterns into nginx's configuration.
"""

import re

from django.http import QueryDict

#: Every argument that a public page reads; tests/home/pagecache/test_arguments.py walks the views.
READ = frozenset(
    {"classification", "format", "halaman", "isi", "jenis", "kategori", "q", "tahun", "unduh", "year"},
)
#: A query with one of them.
READ_PATTERN = rf"(^|&)({'|'.join(sorted(READ))})(=|&|$)"
#: A query whose names are written as they are: what is percent-encoded may be one of them.
PLAIN_PATTERN = r"^[\w.~-]+(=[^&]*)?(&[\w.~-]+(=[^&]*)?)*$"
_read, _plain = re.compile(READ_PATTERN), re.compile(PLAIN_PATTERN, re.ASCII)


def are_unread(query: str) -> bool:
    """Return whether no page reads anything of this query string; an empty one counts."""
    return not query or bool(_plain.search(query) and not _read.search(query))


def drop_unread(request) -> None:
    """Take away a query string of which no page reads anything, so that the page is that of the bare address."""
    if request.META.get("QUERY_STRING") and are_unread(request.META["QUERY_STRING"]):
        request.META["QUERY_STRING"] = ""
        request.GET = QueryDict()
