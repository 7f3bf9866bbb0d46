"""`portal postcodes load` on the real list of Trafford's postcodes."""

from pathlib import Path

import pytest
from flask import Flask

from portal import create_app, geo
from portal.errors import Refusal
from portal.postcodes import Found, Postcodes
from tests.postcodes import files
from tests.postcodes.files import TRAFFORD

ROWS = 11_264


@pytest.fixture
def portal(tmp_path: Path) -> Flask:
    """A site that knows no postcodes."""
    return create_app({"TESTING": True}, {"PORTAL_INSTANCE": str(tmp_path / "instance")})


def test_the_real_list_is_taken_in_whole_and_again_without_a_change(
    portal: Flask, shared_data: Path, local_postcodes: Path
) -> None:
    real = shared_data / "postcodes" / "trafford_postcodes_with_wards.csv"
    run = portal.test_cli_runner()
    first = run.invoke(args=["postcodes", "load", str(real)])
    assert first.exit_code == 0, first.output
    assert (
        f"{ROWS:,} rows read, {ROWS:,} taken, {ROWS:,} postcodes are new; {ROWS:,} are known now."
        in first.output
    )
    again = run.invoke(args=["postcodes", "load", str(real)])
    assert "Nothing changed." in again.output

    store, package = Postcodes(portal.config["INSTANCE"] / "postcodes"), Postcodes(local_postcodes)
    place = files.place(store, "m15 4ab")
    assert place.areas == {"E05015247", TRAFFORD, "E92000001"}
    assert store.name_of("E05015247") == "Gorse Hill & Cornbrook"
    far = distances(store, package)
    assert len(far) == ROWS, "the package, of another year, knows them all"
    assert sum(metres < 10 for metres in far) > 0.98 * ROWS, "few were moved between the years"


def distances(one: Postcodes, other: Postcodes) -> list[float]:
    """How far apart two stores put the postcodes of the one, as far as both can place them."""
    generation = one.generation()
    assert generation
    typed = [int(key).to_bytes(7, "big").decode() for key in generation.columns["key"].tolist()]
    pairs = [(files.find(one, text), files.find(other, text)) for text in typed]
    return [
        geo.metres(mine.place.easting, mine.place.northing, theirs.place.easting, theirs.place.northing)
        for mine, theirs in pairs
        if isinstance(mine, Found) and isinstance(theirs, Found)
    ]


def test_only_the_areas_asked_for_are_kept(portal: Flask, shared_data: Path) -> None:
    real = str(shared_data / "postcodes" / "trafford_postcodes_with_wards.csv")
    done = portal.test_cli_runner().invoke(args=["postcodes", "load", real, "--area", "E08000003"])
    assert f"{ROWS:,} rows are of other authorities." in done.output
    assert not Postcodes(portal.config["INSTANCE"] / "postcodes").is_loaded


def test_a_file_that_is_none_is_refused(portal: Flask, tmp_path: Path) -> None:
    run = portal.test_cli_runner()
    assert run.invoke(args=["postcodes", "load", str(tmp_path / "none.csv")]).exit_code == 2
    (tmp_path / "names.csv").write_text("name\nSale\n")
    refused = run.invoke(args=["postcodes", "load", str(tmp_path / "names.csv")])
    assert isinstance(refused.exception, Refusal)
    assert "no postcodes that we can read" in refused.exception.words
