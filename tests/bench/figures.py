"""One shape for what a bench found: a figure, its ratio to an older build, and whether its target is met."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """A line of a bench; ``met`` is None where nothing was promised, or where the older build was not measured."""

    figure: str
    value: float
    unit: str
    ratio: float | None = None
    target: str = ""
    met: bool | None = None


def judge(
    figure: str,
    value: float,
    unit: str,
    *,
    ratio: float | None = None,
    of_older: float | None = None,
    most: float | None = None,
    least: float | None = None,
) -> Figure:
    """Return it with its targets: at most ``of_older`` of the older build, ``most`` or ``least`` in its unit."""
    bounds = [
        (ratio, of_older, "≤", f"{of_older} of the older build"),
        (value, most, "≤", f"{most} {unit}"),
        (value, least, "≥", f"{least} {unit}"),
    ]
    wanted = [(found, bound, sign, words) for found, bound, sign, words in bounds if bound is not None]
    kept = [found <= bound if sign == "≤" else found >= bound for found, bound, sign, _ in wanted if found is not None]
    # A miss is one, whatever else could not be judged.
    met = False if False in kept else True if wanted and len(kept) == len(wanted) else None
    target = ", ".join(f"{sign} {words}" for _found, _bound, sign, words in wanted)
    return Figure(figure, _round(value), unit, None if ratio is None else _round(ratio), target, met)


def report(figures: Iterable[Figure], **more) -> bool:
    """Print a line for each, then all of them as one line of JSON, with ``more``; say whether none is missed."""
    found = list(figures)
    for each in found:
        word = {True: "met", False: "MISSED", None: ""}[each.met]
        ratio = "" if each.ratio is None else f"{each.ratio:.3f} of the older build"
        print(f"{word:7}{each.figure:36}{each.value:>10g} {each.unit:20}{ratio:28}{each.target}")
    is_met = not any(each.met is False for each in found)
    line = {"figures": [asdict(each) for each in found], "met": is_met} | more
    print(json.dumps(line, ensure_ascii=False), flush=True)
    return is_met


def _round(value: float) -> float:
    return float(f"{value:.4g}")
