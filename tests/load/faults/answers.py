"""What an answer is worth to the person who gets it."""

from dataclasses import dataclass, field

DONE, TOLD, BARE = "done", "told", "BARE"
#: What the page says with this status.
_TITLES = {503: "Kiriman Anda belum dapat disimpan", 403: "Sesi Anda sudah berakhir"}
_SIGN_IN = "/admin/login/"


def judge(response, typed: str) -> str:
    """Say whether the form was taken, or its sender told in a sentence and given ``typed`` back."""
    is_json = response.headers.get("Content-Type", "").startswith("application/json")
    if is_json:
        answer = response.json()
        if response.status_code < 400 and answer.get("success", True):
            return DONE
        # The page that holds the text stays open; autosave shows the sentence of this code alone.
        return TOLD if answer.get("error_code") == "validation_error" and answer.get("error_message") else BARE
    if response.status_code in (200, 302, 404) and not response.headers.get("Location", "").startswith(_SIGN_IN):
        return DONE
    html = response.content.decode()
    title = _TITLES.get(response.status_code)
    return TOLD if title and title in html and typed in html else BARE


@dataclass
class Tally:
    """Counts what became of attempts, and prints each."""

    attempts: int = 0
    bare: int = 0
    lost: int = 0
    left: int = 0
    seen: dict[str, int] = field(default_factory=dict)

    def note(self, what: str, outcome: str) -> None:
        """Count one attempt."""
        self.attempts += 1
        self.bare += outcome == BARE
        self.seen[f"{what}: {outcome}"] = self.seen.get(f"{what}: {outcome}", 0) + 1

    def finish(self) -> dict[str, int]:
        """Print every kind of outcome, and return the figures."""
        for line, count in self.seen.items():
            print(f"  {line}{f' ({count})' if count > 1 else ''}")
        return {name: getattr(self, name) for name in ("attempts", "bare", "lost", "left")}
