"""The process in which a checkout answers a bench: ``python -P tests/bench/drive.py tests.bench.desk.steps``.

It runs in the folder of that checkout, on a database of its own. The benches are those of this file's folder, all else
is the checkout's. ``drive()`` of the bench's module returns a function, which answers each line of the input, with room
for Python's frames: else the depth of a call decides what it costs (home/serving/frame_stack.py).
"""

import importlib
import importlib.util
import json
import os
import shutil
import sys
from pathlib import Path

BENCHES = Path(__file__).resolve().parent


def import_helper(*names: str):
    """Return a module of the tests' helpers, by whichever of its names and in whichever folder this checkout has it."""
    folder = Path("tests/support") if Path("tests/support").is_dir() else Path("tests")
    name = next(name for name in names if (folder / f"{name.replace('.', '/')}.py").exists())
    return importlib.import_module(f"{'.'.join(folder.parts)}.{name}")


def main() -> None:
    """Load the checkout with the benches of this folder, and answer until the input ends."""
    _load("tests.bench", BENCHES / "__init__.py", [str(BENCHES)])
    room = _load("tests.bench.frame_stack", BENCHES.parents[1] / "home" / "serving" / "frame_stack.py")

    import django

    django.setup()
    _open_database()
    answer = room.with_room(importlib.import_module(sys.argv[1]).drive(*sys.argv[2:]))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(line.strip())), flush=True)


def _load(name: str, path: Path, folders: list[str] | None = None):
    """Return the module of this file, of this checkout and not of the one that answers."""
    spec = importlib.util.spec_from_file_location(name, path, submodule_search_locations=folders)
    assert spec
    assert spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _open_database() -> None:
    """Take the database of DATABASE_URL as it is; else copy the tests' template."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test.utils import setup_test_environment

    settings.LOGGING_CONFIG = None
    setup_test_environment(debug=False)
    if "DATABASE_URL" in os.environ:
        return
    template = import_helper("databases.template", "template_database").get_sqlite_template()
    name = connection.settings_dict["TEST"]["NAME"]
    shutil.copyfile(template, name)
    connection.settings_dict["NAME"] = name
    # The triggers, the groups and all else that follows a migration.
    call_command("migrate", verbosity=0)


if __name__ == "__main__":
    main()
