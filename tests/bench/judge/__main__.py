"""How well the site reads what an office really has, and what citizens type: ``make judge``.

Prints recall, precision and the misses of each part, then one line of JSON. ``--cases DIR`` judges another folder
of cases in the same form: ``DIR/personal_data/*.txt`` for the personal data in prose; ``DIR/files/`` for office files
and PDF, with ``answers.json`` beside them: a list of ``{"file": name, "finds": [values], "names": part of the sentence
that names what is unread}``; ``DIR/search/`` for the search, in the form that ``tests/home/search/judging.py`` tells;
``DIR/pictures/`` for photos, ``a.right.png`` beside ``a.heic`` where a person sees something else than a decoder does;
``DIR/shown/`` for what is pasted and what is read from a card, ``answers.json`` as ``pasted/answers.json`` beside this.
"""

import argparse
import json
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

import django
from django.conf import settings
from django.db import connection

from tests.moderation.scanner.personal_data import cases as personal_data
from tests.moderation.uploads import corpus
from tests.moderation.uploads.corpus import cases as files


def main() -> int:
    """Judge each part that has cases; what is judged is looked at by a person, and asserted by the tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=Path, help="a folder with a folder of cases for each part")
    folder = parser.parse_args().cases
    results = {}
    for name, (own, judge_folder) in PARTS.items():
        place = folder / name if folder else own
        if place is None or place.is_dir():
            results[name] = judge_folder(place)
    print(json.dumps(results, ensure_ascii=False))
    return 0


def judge_personal_data(folder: Path) -> dict:
    """Judge the scanner on every file of marked sentences; print the misses, return the figures by file."""
    figures = {}
    for path in sorted(folder.glob("*.txt")):
        cases = personal_data.read_cases(path)
        score = personal_data.judge(cases)
        print(
            f"personal_data {path.stem}: {len(cases)} cases, "
            f"recall {score.recall:.3f} ({score.found}/{score.marked}), "
            f"precision {score.precision:.3f} ({score.right}/{score.reported})"
        )
        for heading, lines in (("missed", score.missed), ("mistaken", score.mistaken)):
            for line in lines:
                print(f"  {heading}: {' ⏎ '.join(line.splitlines())}")
        figures[path.stem] = {
            "cases": len(cases), "recall": round(score.recall, 4), "precision": round(score.precision, 4),
        }  # fmt: skip
    return figures


def judge_files(folder: Path | None) -> dict:
    """Judge what is read from files and what is named; None stands for the site's own, which are made here."""
    score = files.judge(corpus.CASES if folder is None else files.read_cases(folder))
    print(
        f"files: {score.files} files, recall {score.recall:.3f} ({score.found}/{score.expected}), "
        f"precision {score.precision:.3f} ({score.right}/{score.reported}), silent misses {len(score.silent)}"
    )
    for heading, lines in (("silent", score.silent), ("missed", score.missed), ("mistaken", score.mistaken)):
        for line in lines:
            print(f"  {heading}: {line}")
    return {
        "files": score.files, "recall": round(score.recall, 4), "precision": round(score.precision, 4),
        "silent": len(score.silent),
    }  # fmt: skip


def judge_search(folder: Path) -> dict:
    """Judge the search on a new site in memory, and the lexicon; print the misses, return the figures by file."""
    _set_up()
    from tests.home.search import judging

    judging.fill_site(folder)
    figures = {}
    for part, heading, judge in (
        ("queries", f"success@{judging.FIRST}", judging.judge_queries),
        ("related", "meet", judging.judge_related),
        ("unrelated", "do not meet", judging.judge_unrelated),
    ):
        for path in sorted(folder.glob(f"{part}*.txt")):
            score = judge(path)
            print(f"search {path.stem}: {score.judged} judged, {heading} {score.share:.3f}")
            for line in score.missed:
                print(f"  missed: {line}")
            figures[path.stem] = {"judged": score.judged, "share": round(score.share, 4)}
    return figures


def judge_pictures(folder: Path | None) -> dict:
    """Judge how photos are taken and shown, on the same new site."""
    _set_up()
    from . import pictures

    with tempfile.TemporaryDirectory(prefix="judge-") as media:
        settings.MEDIA_ROOT = media
        return pictures.judge_pictures(folder)


def judge_shown(folder: Path) -> dict:
    """Judge what is pasted from office programs, and what is read from a card that was sent on."""
    _set_up()
    from . import shown

    return shown.judge_shown(folder)


@cache
def _set_up() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "kecamatan_site.settings.test"
    # The browser's driver runs an event loop in the thread that also asks the database.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    django.setup()
    connection.creation.create_test_db(verbosity=0)


#: The parts that are judged: where the site's own cases lie (None: they are made), and how a folder of them is judged.
PARTS: dict[str, tuple[Path | None, Callable]] = {
    "pictures": (None, judge_pictures),
    "personal_data": (personal_data.FOLDER, judge_personal_data),
    "files": (None, judge_files),
    "search": (Path(__file__).parents[2] / "home/search/judged", judge_search),
    "shown": (Path(__file__).parent / "pasted", judge_shown),
}

if __name__ == "__main__":
    raise SystemExit(main())
