"""Measuring in CPU time, and figures that stand beside what they are measured against.

A figure says nothing alone: machines differ, and so does one machine from hour to hour. So every speed carries a
reference measured in the same run, and the ratio is what counts.
"""

import gc
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

Work = Callable[[], object]


class BrokenMeasurementError(Exception):
    """A measurement that would have said something untrue. The bench never fails by time; by this it does."""


@dataclass(frozen=True)
class Times:
    """The middle and the slow end of many measurements of one thing."""

    p50: float
    p95: float


def seconds(work: Work) -> float:
    """CPU seconds of this process, all its threads, for one piece of work."""
    start = time.process_time()
    work()
    return time.process_time() - start


def quantiles(values: Sequence[float]) -> Times:
    """p50 and p95 of measurements, by the nearest one."""
    if not values:
        raise BrokenMeasurementError("nothing was measured")
    ordered = sorted(values)
    return Times(
        *(ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))] for share in (0.5, 0.95))
    )


@contextmanager
def undisturbed() -> Iterator[None]:
    """Within it, what is in memory already is no burden to the garbage collector."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def milliseconds(works: Sequence[Work], passes: int = 3) -> Times:
    """p50 and p95 over different pieces of work, each done in several passes, of which the middle one counts.

    So the slow end is that of heavy work, and not of a machine that had something else to do.
    """
    with undisturbed():
        rounds = [[seconds(work) * 1000 for work in works] for _ in range(passes)]
    return quantiles([statistics.median(each) for each in zip(*rounds, strict=True)])


def repeated(work: Work, times: int) -> Work:
    """The work so many times over, for what is too quick to be measured once."""

    def often() -> None:
        for _ in range(times):
            work()

    return often


@dataclass(frozen=True)
class Target:
    """What a figure is held to. of: which of its numbers."""

    most: float | None = None
    least: float | None = None
    of: str = "p50"
    aim: float | None = None  # better than what is asked; said, not judged

    def words(self) -> str:
        """The target as the table has it."""
        names = {"p50": "", "p95": "p95 ", "ratio_p95": "p95 ratio "}
        limit = f"≤ {plain(self.most)}" if self.most is not None else f"≥ {plain(self.least or 0)}"
        return names[self.of] + limit + (f" (aim {plain(self.aim)})" if self.aim is not None else "")

    def is_met(self, number: float | None) -> bool | None:
        """Whether a number is within it; None where there is no number."""
        if number is None:
            return None
        return (self.most is None or number <= self.most) and (self.least is None or number >= self.least)


@dataclass(frozen=True)
class Figure:
    """One line of the table. A single number stands in p50. ratios: this, divided by what it stands beside."""

    part: str
    what: str
    unit: str
    p50: float | None = None
    p95: float | None = None
    beside: str = ""
    beside_p50: float | None = None
    beside_p95: float | None = None
    target: Target | None = None
    note: str = ""

    @property
    def ratio_p50(self) -> float | None:
        """How many times the reference, in the middle."""
        return _over(self.p50, self.beside_p50)

    @property
    def ratio_p95(self) -> float | None:
        """How many times the reference, at the slow end."""
        return _over(self.p95, self.beside_p95)

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        return self.target.is_met(getattr(self, self.target.of)) if self.target else None

    def as_json(self) -> dict[str, Any]:
        """Everything, for build/bench.json."""
        return {
            **asdict(self),
            "ratio_p50": self.ratio_p50,
            "ratio_p95": self.ratio_p95,
            "target": self.target.words() if self.target else "",
            "met": self.met,
        }


def _over(number: float | None, reference: float | None) -> float | None:
    return None if number is None or not reference else number / reference


def timed(
    part: str,
    what: str,
    own: Times,
    beside: str = "",
    reference: Times | None = None,
    target: Target | None = None,
    note: str = "",
) -> Figure:
    """A figure in milliseconds of CPU beside a reference."""
    p50, p95 = (reference.p50, reference.p95) if reference else (None, None)
    return Figure(part, what, "ms CPU", own.p50, own.p95, beside, p50, p95, target, note)


def plain(number: float | None) -> str:
    """A number with as many digits as say something."""
    if number is None:
        return ""
    size = abs(number)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.995 else 3 if size >= 0.0995 else 4
    text = f"{number:,.{digits}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


_HEAD = ("", "p50", "p95", "unit", "beside", "p50", "p95", "ratio", "p95 ratio", "target", "met")


def table(figures: Iterable[Figure]) -> str:
    """The figures as a table, a part after the other."""
    rows = [_row(figure) for figure in figures]
    widths = [max(len(row[at]) for row in [_HEAD, *rows]) for at in range(len(_HEAD))]
    lines = [_line(_HEAD, widths), "  ".join("-" * width for width in widths)]
    return "\n".join(lines + [_line(row, widths) for row in rows])


def _row(figure: Figure) -> tuple[str, ...]:
    numbers = (figure.p50, figure.p95, figure.beside_p50, figure.beside_p95)
    p50, p95, beside_p50, beside_p95 = map(plain, numbers)
    target = figure.target.words() if figure.target else figure.note
    met = "" if figure.met is None else "yes" if figure.met else "NO"
    ratios = (plain(figure.ratio_p50), plain(figure.ratio_p95))
    return (figure.what, p50, p95, figure.unit, figure.beside, beside_p50, beside_p95, *ratios, target, met)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 3, 4, 9, 10}
    cells = [
        cell.ljust(w) if at in left else cell.rjust(w)
        for at, (cell, w) in enumerate(zip(row, widths, strict=True))
    ]
    return "  ".join(cells).rstrip()
