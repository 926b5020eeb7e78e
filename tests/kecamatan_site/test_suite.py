"""What `make test` says at its end."""

import os
import subprocess
import sys

import pytest

from tests import run
from tests.support.crashes import read_crashes

pytestmark = pytest.mark.db_agnostic

REPORT = """
<testsuites><testsuite tests="4" failures="1" errors="1" skipped="1">
<testcase classname="tests.a" name="test_one"/>
<testcase classname="tests.a" name="test_two"><failure message="AssertionError: page 2&#10;assert 1 == 2">def
    long_trace()</failure></testcase>
<testcase classname="tests.a" name="test_three"><error message="failed on setup with &quot;KeyError&quot;"/></testcase>
<testcase classname="tests.a" name="test_four"><skipped message="no time"/></testcase>
</testsuite></testsuites>
"""


def test_who_did_not_pass_is_named_with_the_error_above_the_total(tmp_path, capsys):
    report = tmp_path / "report.xml"
    report.write_text(REPORT)
    counts, not_passed = run._count(report)
    assert counts == {"passed": 1, "failed": 2, "skipped": 1}
    run._name_once_more(not_passed)
    assert capsys.readouterr().out.splitlines() == [
        "not passed: tests.a::test_two: AssertionError: page 2 assert 1 == 2",
        'not passed: tests.a::test_three: failed on setup with "KeyError"',
        "not passed: tests.a::test_four: no time",
    ]


@pytest.mark.parametrize("length", [run.SHOWN_OF_ERROR, run.SHOWN_OF_ERROR + 1])
def test_a_long_error_is_cut(tmp_path, length):
    report = tmp_path / "report.xml"
    failure = f'<testcase classname="a" name="b"><failure message="{"x" * length}"/></testcase>'
    report.write_text(f'<testsuite tests="1" failures="1" errors="0" skipped="0">{failure}</testsuite>')
    [line] = run._count(report)[1]
    assert line.endswith("…") == (length > run.SHOWN_OF_ERROR)


def test_a_process_that_died_says_by_which_signal_and_in_which_frame(tmp_path):
    (tmp_path / "test_dies.py").write_text("import os\n\ndef test_dies():\n    os.abort()\n")
    plugins = ["-p", "no:django", "-p", "no:cacheprovider", "-p", "tests.support.crashes"]
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, "-n1", *plugins, tmp_path / "test_dies.py"]
    said = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True).stdout
    lines = [line.rstrip() for line in read_crashes(said.splitlines())]
    assert lines[0] == "Fatal Python error: Aborted"
    assert f'  File "{tmp_path}/test_dies.py", line 4 in test_dies' in lines
    assert lines[-1] == "gw0 died by SIGABRT"
    assert not [line for line in lines if "passed" in line or "FAILED" in line]
