"""The drawn map: every pin is on the sheet, none lies on another, and north is up."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.directory import mapping
from portal.directory.mapping import HEIGHT, RADIUS, WIDTH, Sheet

points = st.tuples(st.floats(0, 700_000), st.floats(0, 1_300_000))
near_points = st.tuples(st.floats(378_000, 380_000), st.floats(390_000, 392_000))
SALE, HALE = ("Sale", 379_000.0, 391_500.0), ("Hale", 377_000.0, 387_000.0)


def drawn(places: list[tuple[float, float]], here: tuple[float, float] | None = None) -> Sheet:
    """The map of these venues, numbered from 1."""
    venues = [(number, f"Venue {number}", east, north) for number, (east, north) in enumerate(places, 1)]
    return mapping.draw(venues, [], [], here)


def is_on_the_sheet(sheet: Sheet) -> bool:
    """Whether every pin can be seen whole."""
    return all(RADIUS <= pin.x <= WIDTH - RADIUS and RADIUS <= pin.y <= HEIGHT - RADIUS for pin in sheet.pins)


@settings(deadline=None)
@given(st.lists(st.one_of(points, near_points), max_size=20), st.one_of(st.none(), points))
def test_every_pin_is_on_the_sheet(
    places: list[tuple[float, float]], here: tuple[float, float] | None
) -> None:
    sheet = drawn(places, here)
    assert [pin.number for pin in sheet.pins] == list(range(1, len(places) + 1))
    assert is_on_the_sheet(sheet)
    assert (sheet.here is None) == (here is None)


@settings(deadline=None)
@given(st.lists(near_points, max_size=20))
def test_no_pin_lies_on_another(places: list[tuple[float, float]]) -> None:
    for one, other in combinations(drawn(places).pins, 2):
        assert ((one.x - other.x) ** 2 + (one.y - other.y) ** 2) ** 0.5 >= 1.7 * RADIUS


def test_twenty_pins_on_one_spot_part_and_point_to_it() -> None:
    sheet = drawn([(379_000, 391_500)] * 20)
    assert is_on_the_sheet(sheet)
    assert len({(pin.x, pin.y) for pin in sheet.pins}) == 20
    assert len({pin.at for pin in sheet.pins}) == 1


def test_north_is_up_and_east_is_right() -> None:
    south_west, north_east = drawn([(370_000, 380_000), (390_000, 400_000)]).pins
    assert south_west.x < north_east.x
    assert south_west.y > north_east.y


def test_a_mile_is_a_mile_on_the_sheet() -> None:
    one, other = (pin.at for pin in drawn([(370_000, 390_000), (370_000 + 1609.344 * 5, 390_000)]).pins)
    sheet = drawn([(370_000, 390_000), (370_000 + 1609.344 * 5, 390_000)])
    assert abs((other[0] - one[0]) / 5 - sheet.mile) < 0.1


def test_names_of_towns_are_shown_where_no_pin_covers_them() -> None:
    towns = [SALE, HALE, ("London", 530_000.0, 180_000.0)]
    beside = [(1, "A", 375_000.0, 386_000.0), (2, "B", 381_000.0, 393_000.0)]
    assert {label.name for label in mapping.draw(beside, [], towns, None).labels} == {"Sale", "Hale"}
    on_it = [*beside, (3, "C", SALE[1], SALE[2])]
    assert {label.name for label in mapping.draw(on_it, [], towns, None).labels} == {"Hale"}


def test_with_nothing_found_the_outlines_are_shown_whole() -> None:
    ring = [(370_000.0, 385_000.0), (385_000.0, 385_000.0), (385_000.0, 398_000.0)]
    sheet = mapping.draw([], [ring], [], None)
    corners = [tuple(map(float, point.split(","))) for point in sheet.outlines[0].split()]
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in corners)
    assert mapping.draw([], [], [], None).pins == ()
