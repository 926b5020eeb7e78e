"""A site of any number of live items on PostgreSQL, for measuring: one real item, copied by the database itself.

``python -m tests.bench.public.corpus seed`` walks one item through the chain, and a second one up to its order, on the
database of the environment; ``python -m tests.bench.public.corpus publish`` carries that order out and prints the
moment of its commit.
"""

import sys
import time

import psycopg

LIST_SLUG = "berita"
WAITING = "Posyandu balita Dusun Ngablak dibuka kembali"
COMMON_WORD = "irigasi"
_DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def grow(url: str, count: int) -> None:
    """Copy the live item until there are ``count``; each copy has its order, its proof and its entry in the search."""
    with psycopg.connect(url, autocommit=True) as connection:
        # No trigger runs: the rows are consistent by their making.
        connection.execute("SET session_replication_role = replica")
        facts = dict(_read_facts(connection))
        for table, key, changes in _list_tables(facts):
            _copy(connection, table, key, facts[key], changes, count - 1)
        connection.execute(
            "UPDATE wagtailcore_page SET numchild = numchild + %s WHERE id = %s", [count - 1, facts["parent"]]
        )
        connection.execute("VACUUM ANALYZE")


def _read_facts(connection):
    page = connection.execute(
        "SELECT p.id, p.path, p.slug, p.url_path FROM wagtailcore_page p JOIN news_newspage n ON n.page_ptr_id = p.id "
        "WHERE p.live ORDER BY p.id LIMIT 1"
    ).fetchone()
    yield from zip(("page", "path", "slug", "url_path"), page, strict=True)
    parent = connection.execute("SELECT id, url_path FROM wagtailcore_page WHERE path = %s", [page[1][:-4]]).fetchone()
    yield from zip(("parent", "parent_url"), parent, strict=True)
    for name, query in (
        ("item", "SELECT id FROM moderation_disposition WHERE page_id = %s"),
        ("permit", "SELECT id FROM moderation_publicationpermit WHERE page_id = %s AND executed_at IS NOT NULL"),
        ("line", "SELECT id FROM moderation_auditentry WHERE page_id = %s AND action = 'verify' ORDER BY id LIMIT 1"),
        ("entry", "SELECT id FROM site_search_entry WHERE page_id = %s"),
    ):
        yield name, connection.execute(query, [page[0]]).fetchone()[0]
    for name, table in (
        ("first_page", "wagtailcore_page"),
        ("first_item", "moderation_disposition"),
        ("first_permit", "moderation_publicationpermit"),
        ("first_line", "moderation_auditentry"),
        ("first_tag", "news_newspagetag"),
    ):
        yield name, connection.execute(f"SELECT max(id) FROM {table}").fetchone()[0] + 1000
    yield "first_sequence", connection.execute("SELECT max(sequence) FROM moderation_auditentry").fetchone()[0] + 1000
    yield "categories", connection.execute("SELECT array_agg(id ORDER BY id) FROM news_newscategory").fetchone()[0]
    last = connection.execute("SELECT max(path) FROM wagtailcore_page WHERE path LIKE %s", [page[1][:-4] + "____"])
    yield "last_step", int(last.fetchone()[0][-4:], 36)


def _list_tables(facts):
    """Each table with the key of its row that is copied, and what differs, in SQL over the copy's number ``n``."""
    page, seal = f"{facts['first_page']} + n", "md5(n::text) || md5((-n)::text)"
    step = f"({facts['last_step']} + n)"
    path = " || ".join(f"substr('{_DIGITS}', ({step} / {36**place}) % 36 + 1, 1)" for place in (3, 2, 1, 0))
    # Some ten items a day, the newest today.
    moment = "now() - n * interval '2 hours'"
    slug = f"'{facts['slug']}-' || n"
    kept = f"'{facts['path'][:-4]}' || {path}"
    categories = f"(ARRAY{facts['categories']}::bigint[])[1 + n % {len(facts['categories'])}]"
    seconds = "(extract(epoch FROM date_trunc('second', now() - n * interval '2 hours'))::bigint << 22)"
    yield (
        "wagtailcore_page",
        "page",
        {
            "id": page,
            "path": kept,
            "slug": slug,
            "title": "title || ', bagian ' || n",
            "draft_title": "title || ', bagian ' || n",
            "url_path": f"'{facts['parent_url']}' || {slug} || '/'",
            "translation_key": "gen_random_uuid()",
            "first_published_at": moment,
            "last_published_at": moment,
            "latest_revision_id": "NULL",
        },
    )
    yield "news_newspage", "page", {"page_ptr_id": page, "category_id": categories}
    yield (
        "news_newspagetag",
        "page",
        {"id": f"{facts['first_tag']} + n * 10 + t.tag_id % 10", "content_object_id": page},
    )
    yield (
        "moderation_disposition",
        "item",
        {
            "id": f"{facts['first_item']} + n",
            "page_id": page,
            "register_sequence": "100000 + n",
            "register_number": "n || '/UKUR'",
        },
    )
    yield (
        "moderation_publicationpermit",
        "permit",
        {
            "id": f"{facts['first_permit']} + n",
            "page_id": page,
            "disposition_id": f"{facts['first_item']} + n",
            "number": "'PT-' || n",
            "seal": seal,
        },
    )
    yield (
        "moderation_auditentry",
        "line",
        {
            "id": f"{facts['first_line']} + n",
            "sequence": f"{facts['first_sequence']} + n",
            "page_id": page,
            "disposition_id": f"{facts['first_item']} + n",
            "seal": seal,
        },
    )
    yield "site_search_entry", "entry", {"id": f"{seconds} | ({page})", "page_id": page}


_KEYS = {"news_newspage": "page_ptr_id", "news_newspagetag": "content_object_id"}


def _copy(connection, table, key, value, changes, count) -> None:
    query = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = %s "
        "AND is_generated = 'NEVER'"
    )
    columns = [name for (name,) in connection.execute(query, [table])]
    names = ", ".join(f'"{name}"' for name in columns)
    values = ", ".join(changes.get(name, f't."{name}"') for name in columns)
    connection.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t, generate_series(1, {count}) n "
        f'WHERE t."{_KEYS.get(table, "id")}" = {value}'
    )


def seed() -> None:
    """One rich live item, and one that waits to be carried out."""
    from news.models import NewsCategory
    from tests.support.factories import Office, make_photo

    office = Office.open()
    for name in ("Kesehatan", "Pendidikan", "Pertanian", "Ekonomi", "Budaya"):
        NewsCategory.objects.get_or_create(slug=name.lower(), defaults={"name": name})
    item = office.bring_to("composing", office.issue(f"Kerja bakti bersihkan saluran {COMMON_WORD} Desa Buntar"))
    text = "<p>" + f"Warga bekerja bakti membersihkan saluran {COMMON_WORD} di Desa Buntar. " * 6 + "</p>"
    page = office.write(
        item,
        main_image=make_photo(),
        main_image_alt="Warga membersihkan saluran",
        main_image_credit="Dokumentasi Kecamatan",
        body=[("paragraph", text), ("heading", {"level": "h2", "text": "Hasil kegiatan"})] + [("paragraph", text)] * 4,
    )
    page.tags.add("Kerja bakti", "Irigasi")
    page.save_revision(user=office.staf1)
    office.bring_to("live", item)
    office.bring_to("ordered", office.issue(WAITING))


def publish() -> None:
    """Carry out the order that waits, and print when it was committed."""
    from django.contrib.auth import get_user_model

    from moderation.chain.transitions import take
    from moderation.models import Disposition

    item = Disposition.objects.get(subject=WAITING)
    take(item, "publish", get_user_model().objects.get(username="staf1"))
    print(time.monotonic(), flush=True)


if __name__ == "__main__":
    import django

    django.setup()
    {"seed": seed, "publish": publish}[sys.argv[1]]()
