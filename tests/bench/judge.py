"""How well the site reads what an office really has, and what citizens type: ``make judge``.

Prints recall, precision and the misses of each part, then one line of JSON. ``--cases DIR`` judges another folder
of cases in the same form: ``DIR/personal_data/*.txt`` for the personal data in prose; ``DIR/files/`` for office files
and PDF, with ``answers.json`` beside them: a list of ``{"file": name, "finds": [values], "names": part of the sentence
that names what is unread}``; ``DIR/search/`` for the search, in the form that ``tests/home/search/judging.py`` tells.
"""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path

import django
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
    os.environ["DJANGO_SETTINGS_MODULE"] = "kecamatan_site.settings.test"
    django.setup()
    from tests.home.search import judging

    connection.creation.create_test_db(verbosity=0)
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


#: The parts that are judged: where the site's own cases lie (None: they are made), and how a folder of them is judged.
PARTS: dict[str, tuple[Path | None, Callable]] = {
    "personal_data": (personal_data.FOLDER, judge_personal_data),
    "files": (None, judge_files),
    "search": (Path(__file__).parents[1] / "home/search/judged", judge_search),
}

if __name__ == "__main__":
    raise SystemExit(main())
