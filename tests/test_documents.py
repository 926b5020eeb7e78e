"""The documents are true as far as a machine can tell: whatever they name exists.

Looked at is what stands between backticks and in blocks of code: paths, ``path::name``, commands, make targets,
settings and variables, triggers; and every link with its anchor.
"""

import ast
import functools
import re
import shlex
import tomllib
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands
from django.utils.module_loading import import_string

pytestmark = pytest.mark.db_agnostic

ROOT = settings.BASE_DIR
#: Names on purpose what does not exist.
THIS_FILE = ROOT / "tests" / "test_documents.py"
FOLDERS = {"kecamatan_site", "home", "news", "moderation", "templates", "tests", "docs", ".ci"}
ENDINGS = {".conf", ".css", ".html", ".js", ".lock", ".md", ".py", ".service", ".toml", ".typ", ".yaml"}
#: Papers that were never part of the repository.
FOREIGN_PAPERS = re.compile(r"\b(?:DESIGN|DOMAIN|HOUSE|SOCIAL_APIS|WAGTAIL_FACTS)(?:\.md|,? \d)")
INVARIANTS = [f"I{number}" for number in range(1, 13)]
MAX_README_LINES = 150


def list_documents() -> list[Path]:
    return sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


DOCUMENTS = list_documents()
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))


# --- What a document holds ---------------------------------------------------------------------------------------


def split_code(text: str) -> tuple[str, list[str], list[str]]:
    """Return the prose without code, the code spans, and the lines of the code blocks."""
    blocks = re.findall(r"^```[^\n]*\n(.*?)^```", text, re.M | re.S)
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    spans = [re.sub(r"\s+", " ", span) for span in re.findall(r"(?<!`)`([^`]+)`(?!`)", prose)]
    return re.sub(r"(?<!`)`[^`]+`(?!`)", "", prose), spans, [line for block in blocks for line in block.splitlines()]


def list_links(text: str) -> list[str]:
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    return re.findall(r"\]\(([^)\s]+)\)", prose)


def list_anchors(text: str) -> set[str]:
    """Return the anchors of the headings, as GitHub makes them."""
    prose = re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)
    anchors = set()
    for heading in re.findall(r"^#{1,6} (.+)$", prose, re.M):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        anchors.add(re.sub(r"[^\w\- ]", "", plain.lower()).replace(" ", "-"))
    return anchors


# --- What of it does not exist -----------------------------------------------------------------------------------


def find_dead_links(document: Path, text: str) -> list[str]:
    def read(target):
        return text if target == document else target.read_text()

    dead = []
    for link in list_links(text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        if not target.exists() or (anchor and anchor not in list_anchors(read(target))):
            dead.append(link)
    return dead


def find_unknown(text: str) -> list[str]:
    """Return whatever the code of a document names and nothing of that name exists."""
    _, spans, lines = split_code(text)
    problems = []
    for span in spans:
        problems += find_unknown_commands(span) or find_unknown_words(span)
    for line in lines:
        problems += find_unknown_commands(line)
        problems += [word for word in re.findall(r"[\w./-]+", line) if is_ours(word) and not exists(word)]
    return problems


def find_unknown_commands(code: str) -> list[str]:
    """Return the commands of manage.py and make that do not exist, with their own options and variables."""
    named = re.findall(r"manage\.py (\w+)", code)
    problems = [f"manage.py {command}" for command in named if command not in get_commands()]
    for targets in re.findall(r"(?:^|\s)make ((?:[\w-]+(?:=(?:\"[^\"]*\"|\S+))? ?)+)", code):
        for word in (word for word in shlex.split(targets) if not word.startswith("-")):
            name, is_variable, _ = word.partition("=")
            if (name not in get_make_variables()) if is_variable else (name not in get_make_targets()):
                problems.append(f"make {word}")
    return problems


def find_unknown_words(span: str) -> list[str]:
    return [word for word in span.split() if not is_known(word.rstrip(",.;:"))]


def is_known(word: str) -> bool:
    if "::" in word:
        path, *names = word.split("::")
        return exists(path) and has_definition(ROOT / path, ".".join(names).split("."))
    if word.startswith("sop_guard_") or word.startswith("page_change_"):
        return word in get_triggers()
    if re.fullmatch(r"(?:kecamatan_site|home|news|moderation|tests)(?:\.\w+)+(?:\(\))?", word) and not exists(word):
        return is_importable(word.removesuffix("()"))
    if is_ours(word):
        return exists(word)
    if re.fullmatch(r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+", word) or word == "DEBUG":
        return word in get_constants() | get_example_variables() | {*dir(settings), *settings.DATABASES["default"]}
    return True


def is_ours(word: str) -> bool:
    """Say whether a word means a file or folder of the repository."""
    if word.startswith(("/", "http", "~", "-", "$")) or "<" in word:
        return False
    return ("/" in word and word.split("/")[0] in FOLDERS) or Path(word).suffix in ENDINGS


def exists(path: str) -> bool:
    return any(ROOT.glob(path)) if "*" in path else (ROOT / path).exists()


def has_definition(path: Path, names: list[str]) -> bool:
    body = ast.parse(path.read_text()).body
    for name in names:
        found = [
            node
            for node in body
            if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name
        ]
        if not found:
            return False
        body = found[0].body
    return True


def is_importable(name: str) -> bool:
    try:
        __import__(name)
    except ImportError:
        try:
            import_string(name)
        except ImportError:
            return False
    return True


@functools.cache
def get_make_targets() -> set[str]:
    return set(re.findall(r"^([a-z][\w-]*):", (ROOT / "Makefile").read_text(), re.M))


@functools.cache
def get_make_variables() -> set[str]:
    """Return what a recipe, or the launcher it starts, reads from make's command line."""
    makefile = (ROOT / "Makefile").read_text()
    readers = [ROOT / "kecamatan_site" / "run.py", *(ROOT / "kecamatan_site" / "production").glob("*.py")]
    read = [name for path in readers for name in re.findall(r'(?:environ|given)\.get\("(\w+)"', path.read_text())]
    return {*re.findall(r"\$\((\w+)\)", makefile), *read}


@functools.cache
def get_triggers() -> set[str]:
    from home.pagecache import triggers as page_changes
    from moderation.evidence import triggers

    defined = {triggers.PREFIX + trigger.name for trigger in triggers.get_triggers("sqlite")}
    return defined | {page_changes.PREFIX + note.name for note in page_changes.get_notes("sqlite")}


@functools.cache
def get_constants() -> set[str]:
    """Return the names in capitals that the code gives."""
    return {
        name
        for path in list_code()
        for name in re.findall(r"^([A-Z][A-Z0-9_]+)\s*[:=]", path.read_text(), re.M)
        if path.suffix == ".py"
    }


@functools.cache
def list_code() -> list[Path]:
    return [path for folder in FOLDERS - {"docs"} for path in (ROOT / folder).rglob("*") if is_source(path)]


def is_source(path: Path) -> bool:
    return path.suffix in {".py", ".html", ".css", ".js", ".typ", ".toml", ".conf"} and "node_modules" not in path.parts


# --- The documents -----------------------------------------------------------------------------------------------


@each_document
def test_every_link_leads_somewhere(document):
    assert find_dead_links(document, document.read_text()) == []


@each_document
def test_everything_named_exists(document):
    assert find_unknown(document.read_text()) == []


@each_document
def test_lines_are_no_longer_than_code_may_be(document):
    prose = re.sub(r"^```.*?^```", "", document.read_text(), flags=re.M | re.S)
    long = [line for line in prose.splitlines() if len(line) > 120 and not line.startswith("|") and "](" not in line]
    assert [line for line in long if " " in line] == []


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_text().splitlines()) <= MAX_README_LINES


def test_the_table_of_the_readme_names_the_actions_of_each_row():
    from moderation import sop

    rows = re.findall(r"^\| (\d) \|.*\| ([^|]+) \|$", (ROOT / "README.md").read_text(), re.M)
    told = {int(number): set(re.findall(r"`(\w+)`", actions)) for number, actions in rows}
    assert told == {row.number: {each.code for each in sop.ACTIONS if row.number in each.rows} for row in sop.ROWS}


def test_the_readme_leads_to_every_document():
    """Directly, or by one that it leads to."""
    seen, open_documents = set(), [ROOT / "README.md"]
    while open_documents:
        document = open_documents.pop()
        if document in seen or document.suffix != ".md" or not document.exists():
            continue
        seen.add(document)
        paths = (link.partition("#")[0] for link in list_links(document.read_text()) if ":" not in link)
        open_documents += [(document.parent / path).resolve() for path in paths if path]
    assert set(DOCUMENTS) - seen == set()


def test_every_command_of_ours_is_told():
    ours = {name for name, app in get_commands().items() if app.split(".")[0] in FOLDERS}
    told = {name for path in DOCUMENTS for name in re.findall(r"manage\.py (\w+)", path.read_text())}
    assert ours - told == {"demo"}


def test_every_make_target_is_told():
    told = {name for path in DOCUMENTS for name in re.findall(r"make ([\w-]+)", path.read_text())}
    assert get_make_targets() - told == set()


# --- What single documents must hold -----------------------------------------------------------------------------


def split_by_heading(text: str) -> dict[str, str]:
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_invariant_has_its_code_and_its_tests():
    sections = split_by_heading((ROOT / "docs" / "invariants.md").read_text())
    by_number = {heading.split()[0]: body for heading, body in sections.items()}
    assert [number for number in by_number if re.fullmatch(r"I\d+", number)] == INVARIANTS
    for number in INVARIANTS:
        tests = re.findall(r"`(tests/[\w/]+\.py::[\w:]+)`", by_number[number])
        code = re.findall(r"`((?:moderation|news|home)/[\w/]+\.py)", by_number[number])
        assert tests, number
        assert code, number
        assert [test for test in tests if not is_collected(test)] == []


def is_collected(node: str) -> bool:
    """Say whether pytest would collect the test or class, by its own rules for names."""
    path, *names = node.split("::")
    return (
        Path(path).name.startswith("test_")
        and names[-1].startswith(("test", "Test"))
        and has_definition(ROOT / path, names)
    )


def test_the_code_speaks_of_known_invariants():
    cited = {name for path in list_code() for name in re.findall(r"[(,] ?(I\d+)(?=[,)])", path.read_text())}
    assert cited
    assert cited - set(INVARIANTS) == set()


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_context_choice_and_consequence(decision):
    text = decision.read_text()
    assert text.startswith(f"# {decision.stem.split('-')[0]} ")
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.M) == ["Context", "Choice", "Consequence"]
    assert decision.name in (ROOT / "docs" / "decisions" / "README.md").read_text()


def test_what_the_glossary_calls_a_screen_word_stands_on_a_screen():
    on_screen = "\n".join(path.read_text() for path in list_code() if path.suffix in {".py", ".html"}).lower()
    missing = []
    for line in (ROOT / "docs" / "glossary.md").read_text().splitlines():
        if line.startswith("|") and not line.startswith("|-"):
            words = re.findall(r"\*([^*]+)\*", line.split("|")[3])
            missing += [word for word in words if word.removesuffix("…").strip().lower() not in on_screen]
    assert missing == []


def test_the_newest_version_is_that_of_the_project():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    versions = re.findall(r"^## (\d+\.\d+\.\d+)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert project["version"] == versions[0]
    assert versions[-1] == "0.1.0"
    assert "Upgrade" in split_by_heading((ROOT / "CHANGELOG.md").read_text())[list_headings()[0]]
    assert project["license"] == "BSD-3-Clause"
    assert (ROOT / "LICENSE").read_text().startswith("BSD 3-Clause License")


def list_headings() -> list[str]:
    return re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.M)


# --- The environment ---------------------------------------------------------------------------------------------


def get_read_variables() -> set[str]:
    """Return the variables that the settings read through ``env`` or demand by ``require``."""
    names = set()
    for path in (ROOT / "kecamatan_site" / "settings").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and get_called(node) in {"env", "require"}:
                names |= {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
    return names


def get_called(node: ast.Call) -> str:
    """Return the name of what is called: ``env`` for ``env(...)`` and for ``env.list(...)``."""
    function = node.func.value if isinstance(node.func, ast.Attribute) else node.func
    return function.id if isinstance(function, ast.Name) else ""


@functools.cache
def get_example_variables() -> set[str]:
    return set(re.findall(r"^#?([A-Z][A-Z0-9_]*)=", (ROOT / ".env.example").read_text(), re.M))


def test_the_example_environment_names_what_the_settings_read():
    assert get_example_variables() == get_read_variables()


def test_operations_tell_of_every_variable():
    told = set(re.findall(r"`([A-Z][A-Z0-9_]*)`", (ROOT / "docs" / "operations.md").read_text()))
    assert get_example_variables() - told == set()


# --- The code ----------------------------------------------------------------------------------------------------


def test_no_comment_cites_a_paper_that_is_not_here():
    citing = {
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in [*list_code(), ROOT / "pyproject.toml", *DOCUMENTS]
        if path != THIS_FILE
        for match in FOREIGN_PAPERS.finditer(path.read_text())
    }
    assert citing == set()


def test_what_the_code_cites_of_the_documents_exists():
    missing = set()
    for path in set(list_code()) - {THIS_FILE}:
        for target, anchor in re.findall(r"\b(docs/[\w./-]+\.(?:md|conf|service))(?:#([\w-]+))?", path.read_text()):
            file = ROOT / target
            if not file.exists() or (anchor and anchor not in list_anchors(file.read_text())):
                missing.add(f"{path.relative_to(ROOT)}: {target}#{anchor}")
    assert missing == set()


# --- These tests can fail ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("see `moderation/nowhere.py`", "moderation/nowhere.py"),
        ("see `docs/nowhere.md`", "docs/nowhere.md"),
        ("`moderation/guards/nowhere/`", "moderation/guards/nowhere/"),
        ("run `manage.py make_coffee`", "manage.py make_coffee"),
        ("run `make coffee`", "make coffee"),
        ("run `make run PROT=8001`", "make PROT=8001"),
        ("set `COFFEE_STRENGTH`", "COFFEE_STRENGTH"),
        ("trigger `sop_guard_coffee`", "sop_guard_coffee"),
        ("`tests/test_documents.py::test_coffee`", "tests/test_documents.py::test_coffee"),
        ("`tests/nowhere.py::test_the_readme_is_short`", "tests/nowhere.py::test_the_readme_is_short"),
        ("`moderation.coffee.make`", "moderation.coffee.make"),
        ("```sh\nmanage.py make_coffee\n```", "manage.py make_coffee"),
        ("```\ncp docs/nowhere.conf /etc\n```", "docs/nowhere.conf"),
    ],
)
def test_what_does_not_exist_is_named(text, named):
    assert find_unknown(text) == [named]


@pytest.mark.parametrize(
    "link", ["nowhere.md", "README.md#no-such-heading", "#no-such-heading", "docs/../nowhere/picture.png"]
)
def test_a_dead_link_is_named(link):
    assert find_dead_links(ROOT / "SECURITY.md", f"# Heading\n[text]({link})") == [link]


def test_a_link_to_its_own_heading_is_alive():
    assert find_dead_links(ROOT / "SECURITY.md", "# `Odd` heading, with signs\n[x](#odd-heading-with-signs)") == []


@pytest.mark.parametrize("citation", ["(DESIGN 7)", "see WAGTAIL_FACTS 2, 09", "DOMAIN.md", "HOUSE.md 4"])
def test_a_foreign_paper_is_noticed(citation):
    assert FOREIGN_PAPERS.search(citation)
