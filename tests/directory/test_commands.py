"""The directory's commands, as somebody types them in a terminal."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
import yaml
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from portal.audit import AuditEvent
from portal.councils.models import Council
from portal.db import db
from portal.directory import actions, indexing
from portal.directory.drafts import as_draft
from portal.directory.models import Service, Taxonomy, Term
from portal.errors import Refusal
from tests import instances, make
from tests.directory import pages

Run = Callable[..., Result]
CLUBS = "name,postcode\nThe Shed,M33 7ZF\nNowhere,\n"
MAPPING = 'source = "clubs"\norganisation = "Clubs"\n[columns]\nname = "name"\npostcode = "postcode"\n'


@pytest.fixture
def run(site: Flask) -> Run:
    """Runs a command of the site."""
    db.session.remove()  # a command is one transaction, and nobody else is at it
    return lambda *args: site.test_cli_runner().invoke(args=[str(arg) for arg in args])


@pytest.fixture
def clubs(tmp_path: Path) -> tuple[Path, Path]:
    """A spreadsheet and its mapping."""
    (tmp_path / "clubs.csv").write_text(CLUBS)
    (tmp_path / "map.toml").write_text(MAPPING)
    return tmp_path / "clubs.csv", tmp_path / "map.toml"


def names() -> list[str]:
    """The names of all listings."""
    found = list(db.session.scalars(sa.select(Service.name).order_by(Service.name)))
    db.session.remove()
    return found


# directory import-csv


def test_importing_says_what_came_of_it_and_keeps_it(run: Run, clubs: tuple[Path, Path]) -> None:
    file, mapping = clubs
    done = run("directory", "import-csv", file, "--council", "fernshire", "--map", mapping)
    assert done.exit_code == 0
    assert done.output == (
        "2 rows read: 1 listings saved, 0 as they were, 0 passed over, 1 left out.\n"
        "  row 3: “Nowhere” has no postcode or position that we know, and no area that it covers.\n"
    )
    assert names() == ["The Shed"]


def test_a_dry_run_says_the_same_and_keeps_nothing(run: Run, clubs: tuple[Path, Path]) -> None:
    file, mapping = clubs
    done = run("directory", "import-csv", file, "--council", "fernshire", "--map", mapping, "--dry-run")
    assert done.output.startswith("2 rows read: 1 listings saved")
    assert names() == []
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 0


def test_importing_for_nobody_or_from_nothing_is_refused(run: Run, clubs: tuple[Path, Path]) -> None:
    file, mapping = clubs
    refused = run("directory", "import-csv", file, "--council", "atlantis", "--map", mapping)
    assert isinstance(refused.exception, Refusal)
    assert run("directory", "import-csv", file, "--council", "fernshire").exit_code == 2
    assert (
        run("directory", "import-csv", "none.csv", "--council", "fernshire", "--map", mapping).exit_code == 2
    )


# index rebuild, jobs run


def test_rebuilding_says_how_many_are_in_the_index(run: Run, client: FlaskClient) -> None:
    make.saved(make.service("Shed"), make.service("Draft", state="draft"), indexed=False)
    done = run("index", "rebuild")
    assert (done.exit_code, done.output) == (0, "1 listings are in the index.\n")
    assert pages.names(client, q="shed") == ["Shed"]


def test_jobs_that_are_due_are_done_once(run: Run, client: FlaskClient) -> None:
    make.saved(make.service("Shed"), indexed=False)
    pages.find(client, q="shed")
    db.session.remove()
    done = run("jobs", "run")
    assert done.exit_code == 0
    assert {"done: index", "done: tallies"} <= set(done.output.splitlines())
    assert indexing.waiting() == 0
    assert pages.names(client, q="shed") == ["Shed"]
    db.session.remove()
    assert run("jobs", "run").output == "", "nothing is due so soon"


# content


def test_the_starter_content_has_no_problem(run: Run, site: Flask) -> None:
    done = run("content", "lint", site.config["CONTENT"])
    assert (done.output, done.exit_code) == ("0 problems.\n", 0)


def test_content_that_is_loaded_and_exported_is_the_same(run: Run, site: Flask, tmp_path: Path) -> None:
    assert run("content", "load", site.config["CONTENT"]).exit_code == 0
    done = run("content", "export", tmp_path / "out")
    assert done.output.splitlines()[0] == f"Written: {tmp_path / 'out' / 'directory' / 'taxonomy.yaml'}"
    out = yaml.safe_load((tmp_path / "out" / "directory" / "taxonomy.yaml").read_text())
    assert out == yaml.safe_load((site.config["CONTENT"] / "directory" / "taxonomy.yaml").read_text())


def test_loading_again_renames_and_adds_and_doubles_nothing(run: Run, site: Flask, tmp_path: Path) -> None:
    shutil.copytree(site.config["CONTENT"], tmp_path / "content")
    file = tmp_path / "content" / "directory" / "taxonomy.yaml"
    said = yaml.safe_load(file.read_text())
    said["needs"][0]["name"] = "Wanting company"
    said["needs"].append({"key": "new-need", "name": "Something new", "also": ["novel"]})
    file.write_text(yaml.safe_dump(said, allow_unicode=True, sort_keys=False))
    counts = [db.session.scalar(sa.select(sa.func.count(column))) for column in (Taxonomy.id, Term.id)]
    ids = actions.term_ids()
    db.session.remove()
    assert run("content", "load", tmp_path / "content").exit_code == 0
    after = [db.session.scalar(sa.select(sa.func.count(column))) for column in (Taxonomy.id, Term.id)]
    assert after == [counts[0], (counts[1] or 0) + 1]
    assert ids.items() <= actions.term_ids().items()
    assert (
        db.session.scalar(sa.select(Term.name).where(Term.key == said["needs"][0]["key"]))
        == "Wanting company"
    )


def test_every_problem_of_content_is_said_with_its_file_and_what_to_do(
    run: Run, site: Flask, tmp_path: Path
) -> None:
    shutil.copytree(site.config["CONTENT"] / "directory", tmp_path / "directory")
    with (tmp_path / "directory" / "synonyms.yaml").open("a") as file:
        file.write(
            "- say: [lonely]\n  means: [no-such-key]\n"
            "- say: [a quite new phrase]\n"
            "- means: [lonely]\n"
            "- urgent: [a quite new crisis]\n  help: nobody\n"
            "- for_some: [no-such-people]\n"
        )
    (tmp_path / "directory" / "synonyms-more.yaml").write_text("- say: [isolating]\n  means: [lonely]\n")
    done = run("content", "lint", tmp_path)
    assert done.exit_code == 1
    lines = done.output.splitlines()
    assert lines[-1] == f"{len(lines) - 1} problems."
    for words in (
        "no-such-key is not in taxonomy.yaml; use a key that is",
        "no-such-people is not in taxonomy.yaml; use a key that is",
        "it leads nowhere; add means or words",
        "it has no phrase; begin it with say",
        "help must be one of abuse, child, crisis, medical",
    ):
        assert any(re.match(r"synonyms\.yaml, line \d+: ", line) and words in line for line in lines), words
    twice = "synonyms-more.yaml, line 1: “isolating” is searched the same as “isolated”; leave one out"
    assert twice in lines


@pytest.mark.parametrize(
    ("broken", "said"),
    [("- say: [lonely\n", "synonyms.yaml, line "), (None, "synonyms.yaml: [Errno 2] No such file")],
)
def test_a_file_that_cannot_be_read_is_a_problem_with_its_line(
    run: Run, site: Flask, tmp_path: Path, broken: str | None, said: str
) -> None:
    shutil.copytree(site.config["CONTENT"] / "directory", tmp_path / "directory")
    file = tmp_path / "directory" / "synonyms.yaml"
    file.write_text("# ours\n" + broken) if broken else file.unlink()
    done = run("content", "lint", tmp_path)
    assert done.exit_code == 1
    assert done.output.startswith(said)
    assert done.output.endswith("1 problems.\n")


def test_a_key_that_stands_twice_is_a_problem(run: Run, site: Flask, tmp_path: Path) -> None:
    shutil.copytree(site.config["CONTENT"] / "directory", tmp_path / "directory")
    file = tmp_path / "directory" / "taxonomy.yaml"
    file.write_text(file.read_text().replace("key: coffee-mornings", "key: lunch-clubs"))
    done = run("content", "lint", tmp_path)
    assert done.exit_code == 1
    assert "taxonomy.yaml: the key lunch-clubs stands 2 times; give each its own" in done.output


# councils add


def test_a_council_that_is_added_has_its_site_at_once(run: Run, client: FlaskClient) -> None:
    done = run("councils", "add", "hillshire", "--name", "Hillshire", "--host", "hills.example.org", "--area",
               "E08000001", "--phone", "01632 960 900")  # fmt: skip
    assert done.output == "Hillshire is on the site at hills.example.org.\n"
    page = client.get("/", headers={"Host": "hills.example.org"}).text
    assert "Hillshire Living Well" in page
    assert "01632 960 900" in page
    assert "Hillshire" not in client.get("/").text


@pytest.mark.parametrize(
    ("key", "host", "why"),
    [
        ("fernshire", "new.example.org", "There is a council fernshire already."),
        ("Hill Shire", "new.example.org", "A council's key is short"),
        ("hillshire", "fernshire.localhost", "fernshire.localhost leads to another council already."),
        ("hillshire", "http://hills", "http://hills is not a host name."),
    ],
)
def test_a_council_that_cannot_be_added_is_refused(run: Run, key: str, host: str, why: str) -> None:
    refused = run("councils", "add", key, "--name", "New", "--host", host, "--area", "E08000001")
    assert isinstance(refused.exception, Refusal)
    assert why in refused.exception.words
    assert db.session.scalar(sa.select(sa.func.count(Council.id))) == 3


# seed


def seeded(folder: Path, local_postcodes: Path) -> Flask:
    """A site that was seeded with the demonstration by the command, on a day that is always the same."""
    app = instances.app(instances.with_postcodes(folder, local_postcodes))
    instances.migrate(app)
    done = app.test_cli_runner().invoke(args=["seed", "--demo", "--today", str(instances.TODAY)])
    assert done.exit_code == 0, done.output
    return app


def rows_of(app: Flask) -> dict[str, object]:
    """Every listing by its id, without what is drawn anew each time."""
    with app.app_context():
        keys = {term_id: key for key, term_id in actions.term_ids().items()}
        services = db.session.scalars(sa.select(Service)).all()
        councils = {council.id: council.key for council in db.session.scalars(sa.select(Council))}
        found = {
            str(s.id): (councils[s.council_id], s.organisation_id, s.created_at, as_draft(s, keys))
            for s in services
        }
        db.session.remove()
    return dict(sorted(found.items()))


def test_the_demonstration_is_the_same_whenever_it_is_seeded_for_a_day(
    app: Flask, tmp_path: Path, local_postcodes: Path
) -> None:
    other = seeded(tmp_path / "other", local_postcodes)
    assert rows_of(other) == rows_of(app)
    assert json.loads((tmp_path / "other" / "demo.json").read_text())["sites"]
    with other.app_context():
        changes = db.session.scalar(sa.select(sa.func.count(AuditEvent.id)))
        db.session.remove()
    again = other.test_cli_runner().invoke(args=["seed", "--demo", "--today", "2027-01-01"])
    assert (again.exit_code, again.output) == (0, "")
    with other.app_context():
        assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == changes, (
            "a second seed changes nothing"
        )
        db.session.remove()
        db.engine.dispose()


def test_a_day_that_is_none_is_refused(run: Run) -> None:
    assert run("seed", "--demo", "--today", "yesterday").exit_code == 2


# The console script


def test_a_refusal_in_a_terminal_is_said_in_its_own_words(tmp_path: Path) -> None:
    (tmp_path / "names.csv").write_text("name\nSale\n")
    portal = Path(sys.executable).with_name("portal")
    done = subprocess.run(
        [portal, "postcodes", "load", tmp_path / "names.csv"],
        env={**os.environ, "PORTAL_INSTANCE": str(tmp_path / "instance")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("names.csv has no postcodes that we can read.")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_dates_of_the_demonstration_are_counted_from_the_day_it_is_seeded(app: Flask) -> None:
    with app.app_context():
        newest = db.session.scalar(sa.select(sa.func.max(Service.assured_on)))
        db.session.remove()
    assert newest
    assert dt.date(2026, 11, 1) < newest <= dt.date(2026, 11, 23)
