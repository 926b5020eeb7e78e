"""The demo: a fresh site is filled through the real steps, once; repeating it changes nothing."""

from collections import Counter
from datetime import UTC, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from PIL import Image
from wagtail.images.models import Filter
from wagtail.models import PageLogEntry, Revision, Site
from willow.image import PNGImageFile

from home.demo import people, replay, site
from home.demo.clock import clock_at
from home.demo.content import read_items
from home.models import OfficeSettings
from home.starter import make_categories
from moderation import sop
from moderation.chain import policy
from moderation.chain.transitions import take
from moderation.models import AuditEntry, Disposition, Notification, PublicationPermit
from moderation.ports import channels
from news.models import NewsCategory, NewsPage, Photo, Rendition
from news.picture_files import prerender
from tests.support.audit_log import find_first_break
from tests.support.factories import Office

pytestmark = pytest.mark.django_db

MODELS = (
    AuditEntry,
    Disposition,
    NewsCategory,
    NewsPage,
    Notification,
    PageLogEntry,
    Photo,
    PublicationPermit,
    Revision,
)


@pytest.fixture(autouse=True)
def new_process():
    """Forget the orders that other tests of this process had: theirs have the same keys."""
    prerender._seen.clear()
    prerender._waiting.clear()


def write_small_picture(_filter, _image, output, **_source):
    """Stand in for Wagtail's ``Filter.run``."""
    Image.new("RGB", (16, 10)).save(output, "PNG")
    return PNGImageFile(output)


@pytest.fixture
def small_pictures(monkeypatch):
    """Press no pictures where a test looks at none."""
    monkeypatch.setattr(Filter, "run", write_small_picture)


@pytest.fixture
def pictures_pressed_once(request):
    """Press pictures on SQLite alone: no database has a say in what the encoders write, and it takes half the time."""
    if connection.vendor != "sqlite":
        request.getfixturevalue("small_pictures")


def snapshot():
    """Return what a second run must not change."""
    rows = {model.__name__: model.objects.count() for model in (*MODELS, get_user_model())}
    states = list(Disposition.objects.order_by("pk").values_list("pk", "state", "version", "state_since"))
    return rows, states, list(AuditEntry.objects.order_by("sequence").values_list("hash", flat=True))


def read_few(*titles):
    """Return some of the items, so that a test is quick."""
    return [item for item in read_items() if item.title.startswith(titles)]


# Real transactions: the worker's jobs close the connection between passes.
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("pictures_pressed_once")
def test_a_fresh_site_is_filled_once(client, capsys, django_assert_max_num_queries):
    call_command("demo")
    assert people.get_demo_password() in capsys.readouterr().out

    states = Counter(Disposition.objects.values_list("state", flat=True))
    # Without an app that sends, nothing is left to settle and the last item is done at once.
    waiting = {"live"} if channels.get_choices() else set()
    assert set(states) == {state.code for state in sop.STATES} - {"live"} | waiting
    assert sum(states.values()) == len(read_items())
    for step in sop.STEPS:
        assert Disposition.objects.at_step(step.code).exists(), f"nothing waits at {step.label}"
    assert NewsPage.objects.live().count() == states["done"] + states["live"]

    users = {user.username: user for user in get_user_model().objects.all()}
    for username in ("sekretaris", "sekretariat", "staf1", "staf2", "bidang"):
        assert any(policy.Authority(item, users[username]).actions for item in Disposition.objects.open()), (
            f"{username} has nothing to do"
        )
    assert client.login(username="staf1", password=people.get_demo_password())

    assert find_first_break() is None
    times = list(AuditEntry.objects.order_by("sequence").values_list("at", flat=True))
    assert times == sorted(times)
    assert mail.outbox == []
    assert not Notification.objects.filter(sent_at=None).exists()
    assert OfficeSettings.objects.get().is_demo

    made = set(Rendition.objects.values_list("pk", flat=True))
    assert client.get("/").status_code == 200
    for page in NewsPage.objects.live():
        assert client.get(page.get_url()).status_code == 200
    assert set(Rendition.objects.values_list("pk", flat=True)) == made, "a reader waited for a picture"

    before = snapshot()
    with django_assert_max_num_queries(100):
        call_command("demo")
    assert snapshot() == before


# Real transactions: the worker's jobs close the connection between passes.
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("small_pictures")
def test_a_replay_that_was_broken_off_goes_on_where_it_stopped():
    items = read_few("Kecamatan Pantau", "Penyaluran BLT")
    users, categories = people.make_people(), make_categories()
    steps = replay.list_open_steps(items)
    broken = [type(item)(**{**vars(item), "steps": item.steps[:6]}) for item in items]
    taken = replay.replay(broken, users, categories)
    assert replay.replay(items, users, categories) == len(steps) - taken
    assert replay.list_open_steps(items) == []
    # The last publication is left for the site's own worker, if there is an app that sends.
    last = "live" if channels.get_choices() else "done"
    assert list(Disposition.objects.order_by("pk").values_list("state", flat=True)) == ["done", last]
    assert AuditEntry.objects.filter(action="issue").count() == len(items)


def test_what_people_did_with_the_items_since_is_left_alone():
    items = read_few("Peringatan Hari Pahlawan")
    users, categories = people.make_people(), make_categories()
    replay.replay(items, users, categories)
    take(replay.find(items[0]), "forward", users["sekretaris"])
    assert replay.replay(items, users, categories) == 0
    assert replay.find(items[0]).state == "forwarded"


def test_an_account_that_exists_keeps_its_password():
    user = people.make_people()["staf1"]
    user.set_password("kata-sandi-baru-17")
    user.save()
    assert people.make_people()["staf1"].check_password("kata-sandi-baru-17")


def test_a_real_site_gets_no_accounts_with_a_known_password(settings):
    settings.DEBUG = settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="real site"):
        call_command("demo")
    assert not get_user_model().objects.filter(username="admin").exists()


def test_a_site_with_dispositions_of_its_own_is_left_alone():
    Office.open().issue()
    with pytest.raises(CommandError, match="of its own"):
        call_command("demo")
    assert Disposition.objects.count() == 1


def test_a_site_under_its_real_name_keeps_its_address(settings):
    settings.SITE_URL = "http://127.0.0.1:8001"
    site.point_site_here()
    found = Site.objects.get(is_default_site=True)
    assert (found.hostname, found.port) == ("127.0.0.1", 8001)
    Site.objects.update(hostname="kecamatan.example")
    site.point_site_here()
    assert Site.objects.get().hostname == "kecamatan.example"


@pytest.mark.db_agnostic
def test_the_clock_moves_inside_the_block_alone():
    moment = read_items()[0].issued_at
    with clock_at(moment):
        assert timezone.now() == moment
        assert timezone.localdate() == moment.date()
        # A template tells a moment in the office's zone.
        assert timezone.template_localtime(moment.astimezone(UTC)).utcoffset() == timedelta(hours=7)
    assert timezone.now() > moment
