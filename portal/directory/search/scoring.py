"""Matching and ranking over numpy columns: pure sums, no index, no database.

One segment is scored at a time; totals, facet counts and the best rows of several segments add up.

Rank = text x nearness x freshness x strategy. Everything multiplies, so no part needs to be brought to a scale.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from portal.directory.search import DAYS, Filters, Search
from portal.directory.search.columns import NO_AGE, NO_DATE, Array, Columns, Mask, Rows
from portal.geo import Place

# Okapi BM25 as published (Robertson and Zaragoza 2009): k1 and b at their usual values.
K1, B = 1.2, 0.75
# How much of what the words say a listing must carry to count as an answer, beside the listing that carries most.
# Tuned on tests/relevance.
ENOUGH = 0.4
# What a listing gets for saying one idea in further ways, beside the best of them. Tuned on tests/relevance.
ALSO = 0.5
# How much of what was typed must stand in a name to be taken for one, and what that is worth.
NAMED, BY_NAME = 0.65, 4.0
# Categories and needs. TERM_WHOLE: the weight of a listing's first category in the index.
TERM_WHOLE, SIDE, TERM_TELLS, EVEN = 6.0, 0.6, 3.5, 0.5
# A service that comes to you counts as this share of the distance asked: near, but not before the house next door.
COVERING = 0.3
# A listing whose review is overdue, and one overdue for more than half a year. Tuned by eye: it sinks, not drowns.
OVERDUE, LONG_OVERDUE, LONG_DAYS = 0.8, 0.6, 183
# A service that comes to people, but not here: only its office is near. It is shown after those that do come.
NOT_HERE = 0.5
# A listing for some people only (veterans, say, or people with one illness), where what was typed names no such people.
# Tuned on tests/relevance.
FOR_OTHERS = 0.8
# With no place given: another council's listing, and one that is of no use to this council's residents.
NEIGHBOUR, ELSEWHERE = 0.85, 0.4
# What the strategies lift.
LIFT = 1.25
FACETS = ("category", "need", "access", "language", "rating", "area", "day")

# docs and weights of one stem in a segment: weights are term frequencies over the weighted text.
Postings = Callable[[str], tuple[Rows, Array]]


@dataclass(frozen=True)
class Weighed:
    """A clause ready to be scored: its ways with their weights, and its share in deciding what is enough."""

    ways: Sequence[tuple[Sequence[str], float]]
    counts: float


def frequency(lengths: Array, average: float, docs: Rows, weights: Array) -> Array:
    """The BM25 term-frequency part of postings: 0 to K1 + 1."""
    norm = K1 * (1 - B + B * lengths[docs] / average)
    return weights * (K1 + 1) / (weights + norm)


def belonging(weights: Array) -> Array:
    """The same part for a category or need: whole where it is what a listing is about first of all, 0 to K1 + 1."""
    return np.minimum(weights / TERM_WHOLE, 1.0) ** SIDE * (K1 + 1)


def evened(telling: float) -> float:
    """How telling a category is: the editors' order decides between categories, and rarity only a little."""
    return EVEN * TERM_TELLS + (1 - EVEN) * telling


def idf(count: float, matching: float) -> float:
    """How telling a term is, at least a little. Source: BM25 with the +1 that keeps it positive (Lucene)."""
    return float(np.log(1 + (count - matching + 0.5) / (matching + 0.5)))


def _way_scores(way: Sequence[str], postings: Postings, idfs: Mapping[str, float]) -> tuple[Rows, Array]:
    """Rows that carry every stem of a way, with their summed BM25."""
    rows, score = postings(way[0])
    score = score * idfs[way[0]]
    for stem in way[1:]:
        other, more = postings(stem)
        rows, left, right = np.intersect1d(rows, other, assume_unique=True, return_indices=True)
        score = score[left] + more[right] * idfs[stem]
    return rows, score


def match(
    count: int,
    clauses: Sequence[Weighed],
    postings: Postings,
    idfs: Mapping[str, float],
    named: Mapping[str, float] | None = None,
) -> tuple[Rows, Array, Array]:
    """(rows, scores, shares) of a segment that carry anything of what was asked, rows ascending.

    Of the ways to say one idea the best counts, and the others a little. Scores of ideas add up. A share is how much
    of what was asked a row carries: `enough` says whether that will do. named: name terms -> how telling each is; who
    has most of them in its name is likely what was meant.
    """
    total, share = np.zeros(count, np.float32), np.zeros(count, np.float32)
    best, every_way = np.zeros(count, np.float32), np.zeros(count, np.float32)
    for clause in clauses:
        if len(clause.ways) == 1:  # most words have one way: then it is the best and all of them
            ((way, weight),) = clause.ways
            rows, score = _way_scores(way, postings, idfs)
            total[rows] += score * weight
            share[rows] += clause.counts
            continue
        for way, weight in clause.ways:
            rows, score = _way_scores(way, postings, idfs)
            score = score * weight
            best[rows] = np.maximum(best[rows], score)
            every_way[rows] += score
        every = np.flatnonzero(every_way > 0)
        total[every] += best[every] * (1 - ALSO) + every_way[every] * ALSO
        share[every] += clause.counts
        best[every] = every_way[every] = 0
    if named:
        _add_names(total, share, sum(clause.counts for clause in clauses), postings, named)
    rows = np.flatnonzero(total > 0).astype(np.int32)
    return rows, total[rows], share[rows]


def among(postings: Postings, allowed: Mask) -> Postings:
    """The postings of allowed rows alone: near a place those are few, and all that follows is quick."""
    made: dict[str, tuple[Rows, Array]] = {}

    def some(stem: str) -> tuple[Rows, Array]:
        if stem not in made:
            rows, weights = postings(stem)
            keep = allowed[rows]
            made[stem] = rows[keep], weights[keep]
        return made[stem]

    return some


def _add_names(
    total: Array, share: Array, asked: float, postings: Postings, named: Mapping[str, float]
) -> None:
    """Lift the rows that have most of the words in their name."""
    said, known = sum(named.values()), np.zeros(len(total), np.float32)
    for stem, telling in named.items():
        known[postings(stem)[0]] += telling
    rows = np.flatnonzero(known >= NAMED * said)
    part = known[rows] / said
    total[rows] += BY_NAME * known[rows] * part
    share[rows] = np.maximum(share[rows], asked * part)


def enough(shares: Array, most: float) -> Mask:
    """Which rows carry enough of what was asked, beside the one that can be shown and carries most."""
    return np.asarray(shares >= most * ENOUGH - 1e-6)


@dataclass(frozen=True)
class Near:
    """Where rows stand to the place that was asked for.

    metres: infinite where there is no venue. not_here: what comes to people elsewhere, and has its office near.
    """

    metres: Array
    covers: Mask
    fits: Mask
    not_here: Mask

    def of(self, keep: Mask | Rows) -> "Near":
        """The same for some of the rows."""
        return Near(self.metres[keep], self.covers[keep], self.fits[keep], self.not_here[keep])


def _distances(columns: Columns, place: Place, within: float) -> Array:
    """Metres from the place to the nearest venue of every row; infinite where none is near enough."""
    eastings, northings, rows = columns.venues
    some = slice(*np.searchsorted(eastings, (place.easting - within, place.easting + within), side="left"))
    far = np.hypot(eastings[some] - place.easting, northings[some] - place.northing)
    metres = np.full(columns.count, np.inf, np.float32)
    here = far <= within
    np.minimum.at(metres, rows[some][here], far[here])
    return metres


def _covered(columns: Columns, kind: str, place: Place) -> Mask:
    """For every row: whether its coverage of this kind holds the place."""
    mask = np.zeros(columns.count, np.bool_)
    mask[columns.rows_with(kind, place.areas | {"ALL"})] = True
    circles = columns[f"{kind}_circles"]
    if len(circles):
        near = (
            np.hypot(circles[:, 1] - float(place.easting), circles[:, 2] - float(place.northing))
            <= circles[:, 3]
        )
        mask[circles[near, 0]] = True
    return mask


def near(columns: Columns, place: Place, within: float, covered: Callable[[str], Mask]) -> Near:
    """Of every row: is it near enough, or does it come?

    (comes to you and covers) or (venue within the distance, and no catchment or one that holds the place)
    """
    metres = _distances(columns, place, within)
    metres[columns["catchment"] & ~covered("residents")] = np.inf
    covers, venue = covered("comes"), metres <= within
    return Near(metres, covers, covers | venue, columns.goes_out & ~covers)


def covered_by(columns: Columns, place: Place) -> Callable[[str], Mask]:
    """Coverage masks of a segment for a place, each made once."""
    made: dict[str, Mask] = {}

    def mask(kind: str) -> Mask:
        if kind not in made:
            made[kind] = _covered(columns, kind, place)
        return made[kind]

    return mask


def visible(columns: Columns, search: Search) -> Mask:
    """Rows of this council, and shared ones of others, that are not over."""
    mine = columns.number_of["council"].get(search.council, -1)
    seen = columns["shared"] | (columns["council"] == mine)
    over = columns["last_on"]
    return np.asarray(seen & ((over == NO_DATE) | (over >= search.today.toordinal())))


def filter_masks(columns: Columns, filters: Filters) -> dict[str, Mask]:
    """For each filter that is set: which rows it lets through."""
    masks: dict[str, Mask] = {}
    chosen = {
        "category": filters.category,
        "need": filters.need,
        "language": filters.language,
        "rating": filters.rating,
        "area": filters.area,
    }
    for name, codes in chosen.items():
        if codes:
            masks[name] = _any(columns, name, codes)
    if filters.day or filters.minutes is not None:
        masks["day"] = _open(columns, filters)
    if filters.access:
        masks["access"] = np.logical_and.reduce([_any(columns, "access", {code}) for code in filters.access])
    if filters.free:
        masks["free"] = columns["free"]
    if filters.age is not None:
        low, high = columns["minimum_age"], columns["maximum_age"]
        masks["age"] = (low <= filters.age) & ((high == NO_AGE) | (high >= filters.age))
    return masks


def _any(columns: Columns, name: str, codes: frozenset[str] | set[str]) -> Mask:
    mask = np.zeros(columns.count, np.bool_)
    mask[columns.rows_with(name, frozenset(codes))] = True
    return mask


def _open(columns: Columns, filters: Filters) -> Mask:
    """Rows open on any of the days, at the time where one is given. Without hours a day alone is enough."""
    days = {str(DAYS.index(day)) for day in filters.day}
    if filters.minutes is None:
        return _any(columns, "day", days)
    lines = columns["openings"]
    here = (lines[:, 2] <= filters.minutes) & (filters.minutes < lines[:, 3])
    if days:
        here &= np.isin(lines[:, 1], [int(day) for day in days])
    mask = np.zeros(columns.count, np.bool_)
    mask[lines[here, 0]] = True
    return mask


def freshness(columns: Columns, rows: Rows, search: Search) -> Array:
    """What is left of the rank of a listing that nobody confirmed in time."""
    late = search.today.toordinal() - columns["review_due"][rows]
    known = columns["review_due"][rows] != NO_DATE
    factor = np.where(known & (late > 0), OVERDUE, 1.0)
    return np.where(known & (late > LONG_DAYS), LONG_OVERDUE, factor)


def strategy(columns: Columns, rows: Rows, search: Search) -> Array:
    """What the council lifts, and, where no place was given, whose listings come first."""
    mine = columns["council"][rows] == columns.number_of["council"].get(search.council, -1)
    factor = np.ones(len(rows))
    if search.strategy == "own_first":
        factor = np.where(mine, LIFT, factor)
    elif search.strategy == "community_first":
        factor = np.where(columns["community"][rows], LIFT, factor)
    if search.place is None:
        home = Place(label="", easting=0, northing=0, areas=search.council_areas, kind="town")
        useful = _useful(columns, rows, home)
        factor = factor * np.where(mine, 1.0, NEIGHBOUR) * np.where(useful, 1.0, ELSEWHERE)
    return factor


def _useful(columns: Columns, rows: Rows, home: Place) -> Mask:
    """Rows that some resident could use: a venue open to all or to them, coverage that reaches here, or a circle."""
    comes, residents = _covered(columns, "comes", home), _covered(columns, "residents", home)
    comes[columns["comes_circles"][:, 0]] = True
    venue = ~np.isnan(columns["easting"][rows])
    return np.asarray(comes[rows] | (venue & (~columns["catchment"][rows] | residents[rows])))


def nearness(near: Near, within: float) -> Array:
    """1 at the door, a half at the end of the world; what comes to you stands at COVERING of the way."""
    reach = np.where(near.covers, np.minimum(near.metres, COVERING * within), near.metres)
    return (0.5 + 0.5 * np.exp(-reach / within)) * np.where(near.not_here, NOT_HERE, 1.0)


def facet_counts(
    columns: Columns, rows_for: Callable[[str], Rows], minutes: int | None
) -> dict[str, dict[str, int]]:
    """For each filter: value -> how many rows carry it.

    rows_for(name): the rows that the other filters let through (for access, where all are needed, its own too).
    minutes: the time at which a day's listings must be open, if one was asked for.
    """
    counts = {}
    for name in FACETS:
        codes = columns.codes[name]
        matrix = columns[f"{name}_matrix"]
        found = np.bincount(matrix[rows_for(name)].ravel(), minlength=len(codes) + 1)
        counts[name] = {code: int(n) for code, n in zip(codes, found, strict=False) if n}
    if minutes is not None:
        counts["day"] = _open_days(columns, rows_for("day"), minutes)
    counts["free"] = {"1": int(columns["free"][rows_for("free")].sum())}
    return counts


def _open_days(columns: Columns, rows: Rows, minutes: int) -> dict[str, int]:
    """Day -> how many of these rows are open then at this time."""
    lines = columns["openings"]
    among = np.zeros(columns.count, np.bool_)
    among[rows] = True
    here = lines[(lines[:, 2] <= minutes) & (minutes < lines[:, 3]) & among[lines[:, 0]]]
    days = np.unique(here[:, 0] * len(DAYS) + here[:, 1]) % len(DAYS)  # open twice on a day counts once
    return {str(day): int(count) for day, count in enumerate(np.bincount(days, minlength=len(DAYS))) if count}
