"""What a backup or a proof leaves when its process dies: whole copies of the site, which the night takes away."""

import os
import time

import pytest
from django.core.management import call_command
from django.db import connection

from home.backup.leftovers import name_schema

pytestmark = pytest.mark.django_db

DAY = 24 * 60 * 60


def test_copies_of_dead_processes_go_and_those_at_work_stay(settings, tmp_path, monkeypatch, capsys):
    settings.DATA_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    kept = [tmp_path / "media", settings.BACKUP_DIR / "situs-20261130T010000Z.backup"]
    places = [tmp_path / f".{name}-abc" for name in ("backup", "prove", "restore", "move")]
    places = [(place, place.with_name(f"{place.name}-baru")) for place in places]
    places.append((settings.BACKUP_DIR / "lama.backup.partial", settings.BACKUP_DIR / "baru.backup.partial"))
    for place in (*kept, *(place for pair in places for place in pair)):
        if place.name == "media" or place.name.startswith((".prove", ".move", ".backup")):
            (place / "private").mkdir(parents=True)
            (place / "private" / "materi.pdf").touch()
        else:
            place.parent.mkdir(exist_ok=True)
            place.touch()
    old = time.time() - 2 * DAY
    for place in (*kept, *(old_one for old_one, _new_one in places)):
        os.utime(place, (old, old))
    schemas = [name_schema()]
    with monkeypatch.context() as patch:
        patch.setattr("home.backup.leftovers.time.time", lambda: old)
        schemas += [name_schema(), "prove_kantor"]
    if connection.vendor == "postgresql":
        for schema in schemas:
            connection.cursor().execute(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.salinan (id int)")

    call_command("clean_up")

    on_postgresql = connection.vendor == "postgresql"
    assert f", {5 + on_postgresql} leftovers of backups.\n" in capsys.readouterr().out
    assert all(place.exists() for place in kept)
    assert [(left.exists(), at_work.exists()) for left, at_work in places] == [(False, True)] * 5
    if on_postgresql:
        cursor = connection.cursor()
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'prove%' ORDER BY 1")
        assert {name for (name,) in cursor.fetchall()} == {schemas[0], "prove_kantor"}
