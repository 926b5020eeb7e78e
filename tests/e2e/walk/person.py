"""One person at a browser: every click is counted, every screen looked at."""

import re
from collections import Counter

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator

from tests.support import language

#: Milliseconds until what a click leads to must be there, on a busy machine too.
PATIENCE = 120_000


class Person:
    """A person with a browser of their own; ``faults`` is what was seen on their screens."""

    def __init__(self, browser: Browser, address: str, role: str, width: int):
        self.role, self.width = role, width
        self.clicks, self.screens = 0, Counter()
        self.faults: list[str] = []
        context = browser.new_context(
            base_url=address, viewport={"width": width, "height": 800}, locale="id-ID", timezone_id="Asia/Jakarta"
        )
        context.set_default_timeout(PATIENCE)
        self.page = context.new_page()
        self.page.on("response", self._note_failure)
        self.page.on("pageerror", lambda error: self.faults.append(f"script: {str(error)[:200]}"))

    def _note_failure(self, response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status}: {response.url}")

    def open(self, address: str) -> None:
        """Follow a link from outside: a bookmark, a mail."""
        self.page.goto(address)
        self.look()

    def click(self, target: Locator | str, *, leads_on: bool = False) -> None:
        """Click; ``leads_on`` waits for another screen and looks at it."""
        locator = self.page.locator(target) if isinstance(target, str) else target
        self.clicks += 1
        if not leads_on:
            locator.click()
            return
        with self.page.expect_navigation():
            locator.click()
        self.look()

    def press(self, name: str, *, leads_on: bool = True) -> None:
        """Click the button of this name."""
        self.click(self.page.get_by_role("button", name=name, exact=True).first, leads_on=leads_on)

    def follow(self, name: str) -> None:
        """Click the link of this name, or the first that holds it."""
        self.click(self.page.locator("main").get_by_role("link", name=name).first, leads_on=True)

    def choose(self, target: str, **option) -> None:
        """Choose from a list: one click, as a person counts."""
        self.clicks += 1
        self.page.locator(target).first.select_option(**option)

    def attach(self, target: Locator | str, *files) -> None:
        """Choose files of the own machine: one click."""
        self.clicks += 1
        locator = self.page.locator(target) if isinstance(target, str) else target
        locator.set_input_files(list(files))

    def fill(self, **fields: str) -> None:
        for name, value in fields.items():
            self.page.locator(f"[name={name}]").first.fill(value)

    def look(self) -> None:
        """Note what is wrong with the screen: English, sideways scroll, what axe finds. Each kind of screen once."""
        self.page.wait_for_load_state("networkidle")
        kind = re.sub(r"\d+|/[A-Za-z0-9]+-[0-9a-z-]{20,}/", "N", self.page.url.split("?")[0])
        self.screens[kind] += 1
        if self.screens[kind] > 1:
            return
        found = [
            f"axe {one['id']}: {node['html'][:120]}"
            for one in Axe().run(self.page).response["violations"]
            for node in one["nodes"]
        ]
        said = language.read_spoken(self.page.content())
        found += [f"English: {phrase[:100]}" for phrase in said if language.find_english(phrase)]
        if self.page.evaluate("document.documentElement.scrollWidth") > self.width:
            found.append("scrolls sideways")
        self.faults += [f"{kind}: {each}" for each in found]
