"""Walk the whole SOP on an empty site, at 360 and at 1280 px; print clicks and screens of each role.

    python -m tests.e2e.walk [--width 360 1280]

Ends with 1 where a screen spoke English, scrolled sideways, or axe or the server had something to say. The clicks are
printed with their aims (60 in all, 18 of them Staf's), and a line of JSON.
"""

import argparse
import json
import subprocess
import sys
import tempfile

from playwright.sync_api import sync_playwright

from tests.support.chromium import find_or_install_chromium

from .site import choose_settings, running_site

AIMS = {"Semua": 60, "Staf Sekretariat": 18}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--width", type=int, nargs="*", default=[360, 1280])
    widths = parser.parse_args().width
    if len(widths) == 1:
        return show(walk_at(*widths))
    # Each width has a site, and thus a process, of its own.
    ends = [subprocess.run([sys.executable, "-m", "tests.e2e.walk", "--width", str(width)]) for width in widths]
    return int(any(end.returncode for end in ends))


def show(result: dict) -> int:
    """Print what was counted and seen; return 1 where something was wrong."""
    print(f"\n{result['width']} px{'clicks':>45}{'screens':>9}")
    for role, (clicks, screens) in result["roles"].items():
        aim = AIMS.get(role)
        said = f"  aim {aim}: {'met' if clicks <= aim else 'missed'}" if aim else ""
        print(f"  {role:<48}{clicks:>4}{screens:>9}{said}")
    for fault in result["faults"]:
        print(f"  ! {fault}")
    print(json.dumps(result))
    return int(bool(result["faults"]))


def walk_at(width: int) -> dict:
    """Walk once on a site of its own; return the counts of each role and what was seen."""
    with tempfile.TemporaryDirectory(prefix="walk-") as folder:
        choose_settings(folder)
        with running_site() as address, sync_playwright() as playwright:
            from .journey import walk

            browser = playwright.chromium.launch(executable_path=find_or_install_chromium(), args=["--no-sandbox"])
            people = walk(browser, address, width)
            browser.close()
    roles = {person.role: (person.clicks, sum(person.screens.values())) for person in people}
    roles["Semua"] = tuple(map(sum, zip(*roles.values(), strict=True)))
    faults = [f"{person.role}, {fault}" for person in people for fault in person.faults]
    return {"width": width, "roles": roles, "faults": faults}


if __name__ == "__main__":
    sys.exit(main())
