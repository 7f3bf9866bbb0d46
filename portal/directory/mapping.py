"""Results as a map: a drawing made by the server, with numbered pins that are links into the list beside it.

Pure: points in metres on the British National Grid go in, points on a sheet come out. North is up.
"""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 400.0, 420.0
_MARGIN = 34.0
# A pin's radius on the sheet: shown 300 wide on a telephone, a pin is still 24 pixels across (WCAG 2.5.8).
RADIUS = 17.0
# The ring around where the person is.
HERE_RADIUS = 11.0
# The least ground a map shows, in metres: closer in, there is nothing to tell pins by.
LEAST = 1_600.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Pin:
    """A result on the sheet. x, y: where the pin is; at: where the place itself is, when the pin was moved aside."""

    number: int
    name: str
    x: float
    y: float
    at: Point


@dataclass(frozen=True)
class Label:
    """A place name on the sheet."""

    name: str
    x: float
    y: float


@dataclass(frozen=True)
class Sheet:
    """A map ready to be drawn."""

    pins: tuple[Pin, ...]
    outlines: tuple[str, ...]  # points of SVG polygons
    labels: tuple[Label, ...]
    here: Point | None
    mile: float  # how long a mile is on the sheet
    width: float = WIDTH
    height: float = HEIGHT
    radius: float = RADIUS
    here_radius: float = HERE_RADIUS


@dataclass(frozen=True)
class _Window:
    """The ground that the sheet shows."""

    east: float
    north: float
    scale: float

    def point(self, easting: float, northing: float) -> Point:
        return (
            round(WIDTH / 2 + (easting - self.east) * self.scale, 1),
            round(HEIGHT / 2 - (northing - self.north) * self.scale, 1),
        )


def _window(points: Sequence[Point], least: float) -> _Window:
    easts, norths = [p[0] for p in points], [p[1] for p in points]
    wide = max(max(easts) - min(easts), least)
    high = max(max(norths) - min(norths), least)
    scale = min((WIDTH - 2 * _MARGIN) / wide, (HEIGHT - 2 * _MARGIN) / high)
    return _Window((max(easts) + min(easts)) / 2, (max(norths) + min(norths)) / 2, scale)


def _apart(points: list[Point], here: Point | None) -> list[Point]:
    """The points moved, as little as can be, until no pin lies on another or on the person; all stay on the sheet."""
    discs = [[*point, RADIUS] for point in points] + ([[*here, HERE_RADIUS]] if here else [])
    for _round in range(60):
        pushed = sum(_part(discs, i, j, len(points)) for i in range(len(discs)) for j in range(i))
        if not pushed:
            break
    return [(round(x, 1), round(y, 1)) for x, y, _ in discs[: len(points)]]


def _part(discs: list[list[float]], i: int, j: int, pins: int) -> bool:
    """Whether two discs lay on each other; they were pushed apart then. What comes after the pins stays put."""
    (x, y, radius), (other_x, other_y, other_radius) = discs[i], discs[j]
    dx, dy, wanted = x - other_x, y - other_y, radius + other_radius + 1
    gap = (dx * dx + dy * dy) ** 0.5
    if gap >= wanted:
        return False
    # Two pins on one spot part along a direction of their own, so that a crowd spreads out.
    ux, uy = (dx / gap, dy / gap) if gap > 0.01 else ((-1) ** i * 0.8, 0.6 if i % 4 < 2 else -0.6)
    movable = [(k, sign) for k, sign in ((i, 1), (j, -1)) if k < pins]
    push = (wanted - gap) / len(movable) + 0.1
    for k, sign in movable:
        discs[k][0] = min(max(discs[k][0] + sign * ux * push, RADIUS), WIDTH - RADIUS)
        discs[k][1] = min(max(discs[k][1] + sign * uy * push, RADIUS), HEIGHT - RADIUS)
    return True


def draw(
    venues: Sequence[tuple[int, str, float, float]],
    outlines: Sequence[Sequence[Point]],
    towns: Sequence[tuple[str, float, float]],
    here: Point | None,
    least: float = LEAST,
) -> Sheet:
    """The map of these venues (number, name, easting, northing), fitted to them and to where the person is.

    With no venue and no person it shows the outlines whole. least: metres of ground that it shows at the least.
    """
    points = [(east, north) for _, _, east, north in venues] + ([here] if here else [])
    window = _window(points or [point for ring in outlines for point in ring] or [(0.0, 0.0)], least)
    places = [window.point(east, north) for _, _, east, north in venues]
    person = window.point(*here) if here else None
    pins = tuple(
        Pin(number, name, x, y, at)
        for (number, name, _, _), (x, y), at in zip(venues, _apart(places, person), places, strict=True)
    )
    return Sheet(
        pins=pins,
        outlines=tuple(
            " ".join(f"{x},{y}" for x, y in (window.point(*p) for p in ring)) for ring in outlines
        ),
        labels=_labels(window, towns, [(pin.x, pin.y) for pin in pins] + ([person] if person else [])),
        here=person,
        mile=round(1609.344 * window.scale, 1),
    )


def _labels(
    window: _Window, towns: Sequence[tuple[str, float, float]], discs: Sequence[Point]
) -> tuple[Label, ...]:
    """Names of the towns that the sheet shows, save those that a pin or the person would cover."""
    found = [Label(name, *window.point(east, north)) for name, east, north in towns]
    on_sheet = [label for label in found if 40 < label.x < WIDTH - 40 and 20 < label.y < HEIGHT - 20]
    return tuple(label for label in on_sheet if not any(_covers(disc, label) for disc in discs))


def _covers(disc: Point, label: Label) -> bool:
    """Whether a disc lies on a name, which is about 6 wide a letter and 14 high."""
    x, y = disc
    return abs(x - label.x) < RADIUS + 3.2 * len(label.name) and -RADIUS < label.y - y < RADIUS + 12
