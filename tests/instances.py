"""Instance folders for tests and for the proof: filled once, copied as often as somebody needs one."""

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask

from portal import create_app, postcodes, seed
from portal.db import db
from tests.pages import listings, made_accounts, made_conversations, made_desks, made_documents

# The day on which the demonstration was seeded, and on which tests take place.
TODAY = dt.date(2026, 11, 23)
# A hash that costs nothing: tests set hundreds of passwords.
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
# The authorities that stand behind the three made-up councils.
AREAS = ("E08000009", "E08000003", "E08000006")


def app(folder: Path, database: str = "", **settings: Any) -> Flask:
    """An app on a folder."""
    environ = {"PORTAL_INSTANCE": str(folder), "PORTAL_DATABASE_URL": database}
    plain = {"TESTING": True, "NO_LIMITS": True, "PASSWORD_HASHER": QUICK}
    return create_app({**plain, **settings}, environ)


def migrate(app: Flask) -> None:
    """The app's database has its tables."""
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output


def load_postcodes(folder: Path) -> None:
    """The folder is a store of the postcodes of the three councils."""
    postcodes.load(folder, None, AREAS, lambda line: None)


def with_postcodes(folder: Path, store: Path) -> Path:
    """The folder, with a copy of that store in it."""
    shutil.copytree(store, folder / "postcodes", dirs_exist_ok=True)
    return folder


def fill_demonstration(folder: Path, store: Path) -> None:
    """The folder holds the whole demonstration, as `make run` makes it."""
    made = app(with_postcodes(folder, store))
    migrate(made)
    with made.app_context():
        seed.run(demo=True, today=TODAY, say=lambda line: None)
        _settle()


def add_hard_listings(folder: Path) -> None:
    """The folder's demonstration has the hard listings of tests/pages, and what else its states need.

    Their ids stand in made.json.
    """
    with app(folder).app_context():
        ids = listings.write()
        ids |= made_accounts.write(ids)
        ids |= made_desks.write(ids)
        ids |= made_documents.write()
        ids |= made_conversations.write()
        (folder / "made.json").write_text(json.dumps(ids))
        _settle()


def made(folder: Path) -> dict[str, str]:
    """The ids of a folder's hard listings, by their keys."""
    found: dict[str, str] = json.loads((folder / "made.json").read_text())
    return found


def _settle() -> None:
    """Nothing has the database open: the last one out writes its log into the file, which can be copied then."""
    db.session.remove()
    db.engine.dispose()
