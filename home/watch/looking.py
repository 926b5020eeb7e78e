"""Look at the site every quarter of an hour: a sample each time, everything within a day."""

import socket
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.conf import settings
from django.db import close_old_connections
from django.db.models import Q
from django.utils import timezone

from home.pagecache import generation
from moderation.models import Watch
from moderation.people.alarms import Found, settle

from . import folders, manifest
from .addresses import ALWAYS, list_addresses
from .agents import Agent, list_agents
from .assets import ASPECT, Files, list_assets
from .comparing import Difference, compare
from .fetching import Exhausted, Fetcher, NoAnswer, Received
from .rendering import Rendered, Renderer

EVERY = timedelta(minutes=15)
#: Looks in which everything is seen once; a day has 96.
LOOKS_A_ROUND = 80
SMALLEST_SAMPLE = 10
#: Bounds of one look.
MAX_REQUESTS, MAX_SECONDS, MAX_ASSETS = 6000, 400, 150
#: Places with an open difference that are looked at again each time.
AGAIN = 30
#: Tries, and seconds between two: what was published a moment ago reaches each machine within one.
TRIES, PAUSE = 4, 1.5
DOWN = "situs tidak dapat dibuka"
UNKNOWN = "alamat yang tidak dikenal situs"
#: Aspects of the folders; a look at them is a look at all of their places on this machine.
_OF_FOLDERS = (folders.ASPECT, manifest.ASPECT, manifest.ITSELF)


@dataclass
class Look:
    """One look: what was looked at, and what was found."""

    fetcher: Fetcher
    stop: threading.Event
    agents: list[Agent] = field(default_factory=list_agents)
    renderer: Renderer = field(default_factory=Renderer)
    files: Files = field(default_factory=Files)
    found: list[Found] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    assets: set[str] = field(default_factory=set)

    def compare_page(self, path: str) -> None:
        """Compare what each agent receives from an address with what this process renders of it."""
        differences: dict[Difference, list[str]] = {}
        for number in range(TRIES):
            if number and self.stop.wait(PAUSE):
                return
            began = generation.get_current_number()
            received = [(agent, self._fetch(path, agent)) for agent in self.agents]
            rendered = self.renderer.render(path)
            differences = _compare(rendered, received)
            # What changes just now is rendered and kept at different moments.
            is_calm = began is not None and generation.get_current_number() == began
            if not differences or (number and is_calm):
                break
        else:
            return
        place = f"{settings.SITE_URL}{path}"
        self.places.add(place)
        self.found += [
            Found(place, each.aspect, each.expected, each.received, " dan ".join(labels))
            for each, labels in differences.items()
        ]
        if rendered.status == 200 and rendered.headers.get("content-type", "").startswith("text/html"):
            self.assets |= list_assets(rendered.body.decode("utf-8", "replace"))

    def _fetch(self, path: str, agent: Agent) -> Received | NoAnswer:
        try:
            return self.fetcher.get(path, agent)
        except NoAnswer as error:
            return error

    def compare_assets(self) -> None:
        """Compare the files that the pages of this look load; by one agent each, in turns."""
        known = [(path, digest) for path in sorted(self.assets) if (digest := self.files.get_digest(path))]
        for number, (path, digest) in enumerate(known[:MAX_ASSETS]):
            agent = self.agents[number % len(self.agents)]
            received = self._fetch(path, agent)
            if isinstance(received, NoAnswer):
                continue
            place = f"{settings.SITE_URL}{path}"
            self.places.add(place)
            if received.is_cut or received.digest == digest:
                continue
            told = f"kode {received.status}, sha256 {received.digest}, {len(received.body)} bita"
            self.found.append(Found(place, ASPECT, f"sha256 {digest}", told, agent.label))

    def answers(self) -> bool:
        """Say whether the site answers at all; note it where it does not, in a sentence of its own."""
        self.places.add(settings.SITE_URL)
        failures = self._list_failures()
        # One lost connection is no site that is down.
        if failures and not self.stop.wait(PAUSE):
            failures = self._list_failures()
        if not failures:
            return True
        told = "; ".join(f"{' dan '.join(labels)}: {reason}" for reason, labels in failures.items())
        self.found.append(Found(settings.SITE_URL, DOWN, "situs menjawab", f"Situs {told}."))
        failed = {label for labels in failures.values() for label in labels}
        self.agents = [agent for agent in self.agents if agent.label not in failed]
        return bool(self.agents)

    def _list_failures(self) -> dict[str, list[str]]:
        """Return who gets no answer, by the reason."""
        failures = defaultdict(list)
        for agent in self.agents:
            answer = self._fetch("/", agent)
            if isinstance(answer, NoAnswer):
                failures[str(answer)].append(agent.label)
        return failures


def _compare(rendered: Rendered, received: list[tuple[Agent, Received | NoAnswer]]) -> dict[Difference, list[str]]:
    found: dict[Difference, list[str]] = defaultdict(list)
    for agent, answer in received:
        for difference in _compare_one(rendered, answer):
            found[difference].append(agent.label)
    return found


def _compare_one(rendered: Rendered, answer: Received | NoAnswer) -> list[Difference]:
    if isinstance(answer, NoAnswer):
        return [Difference("jawaban", f"kode {rendered.status}", str(answer))]
    if rendered.status == 404 and answer.status != 404:
        begin = answer.body[:1000].decode("utf-8", "replace")
        return [Difference(UNKNOWN, "kode 404: tidak ada halaman di alamat ini", f"kode {answer.status}: {begin}")]
    return compare(rendered, answer)


def run(stop: threading.Event) -> None:
    """Look whenever it is due, until ``stop`` is set; a service of the worker."""
    while not stop.is_set():
        close_old_connections()
        look_if_due(stop)
        stop.wait(10)


def look_if_due(stop: threading.Event | None = None) -> int:
    """Take one look if it is due and no other worker took it; return how many there were."""
    if not settings.WATCH_SITE:
        return 0
    watch, _ = Watch.objects.get_or_create(part=Watch.Part.SITE, defaults={"due_at": timezone.now()})
    now = timezone.now()
    # A clock that was put back must not stop the watch for as long.
    is_due = Q(due_at__lte=now) | Q(due_at__gt=now + EVERY)
    if not Watch.objects.filter(is_due, pk=watch.pk).update(due_at=now + EVERY):
        return 0
    watch.refresh_from_db()
    fetcher = Fetcher(settings.SITE_URL, MAX_REQUESTS, time.monotonic() + MAX_SECONDS)
    look(watch, fetcher, stop or threading.Event())
    return 1


def look(watch: Watch, fetcher: Fetcher, stop: threading.Event) -> None:
    """Take one look and record it: the site, then the folders."""
    view = Look(fetcher, stop)
    if view.answers():
        _look_at_pages(watch, view)
    _look_at_folders(watch, view)
    settle(watch, view.places, view.found)
    watch.looked_at = timezone.now()
    watch.save()


def _look_at_pages(watch: Watch, view: Look) -> None:
    addresses = list_addresses()
    size = max(SMALLEST_SAMPLE, -(-len(addresses) // LOOKS_A_ROUND))
    sample = [path for path in addresses if path > watch.cursor][:size]
    is_last = not sample or sample[-1] == addresses[-1]
    again = [place.removeprefix(settings.SITE_URL) for place in dict.fromkeys(_list_open(watch)) if _is_page(place)]
    done = 0
    if not watch.cursor or watch.round_began_at is None:
        watch.round_began_at, watch.seen = timezone.now(), 0
    try:
        for path in dict.fromkeys([*ALWAYS, *again[:AGAIN]]):
            view.compare_page(path)
        for path in sample:
            if view.stop.is_set():
                break
            if f"{settings.SITE_URL}{path}" not in view.places:
                view.compare_page(path)
            done += 1
        view.assets |= {place.removeprefix(settings.SITE_URL) for place in _list_open(watch, aspect=ASPECT)}
        view.compare_assets()
    except Exhausted:
        is_last = False
    watch.seen += done
    if is_last and done == len(sample):
        watch.cursor, watch.round_ended_at, watch.round_size = "", timezone.now(), watch.seen
    elif done:
        watch.cursor = sample[done - 1]


def _list_open(watch: Watch, **filters) -> list[str]:
    rows = watch.discrepancies.filter(mended_at=None, **filters).order_by("pk")
    return list(rows.values_list("place", flat=True))


def _is_page(place: str) -> bool:
    path = place.removeprefix(settings.SITE_URL)
    return path != place and path.startswith("/") and not path.startswith((settings.STATIC_URL, settings.MEDIA_URL))


def _look_at_folders(watch: Watch, view: Look) -> None:
    """Look for foreign files and changed ones; at the installed packages once a round, they are many."""
    with_packages, here = not watch.cursor, f"di server {socket.gethostname()}"
    found = [*folders.find_foreign(), *manifest.find_changed(with_packages=with_packages)]
    view.found += [replace(each, seen_as=here) for each in found]
    known = _list_open(watch, aspect__in=_OF_FOLDERS, seen_as=here)
    view.places |= {place for place in known if with_packages or not place.startswith(manifest.PACKAGES)}
