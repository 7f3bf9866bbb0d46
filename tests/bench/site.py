"""Sites to measure: apps in folders of their own, made as the site itself is made."""

from pathlib import Path

from flask import Flask

from portal import clock, create_app, seed
from portal.db import db
from portal.directory import content


def make(folder: Path, postcodes: Path) -> Flask:
    """A site with migrated tables and no content. postcodes: a folder of them, shared and never written to."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "postcodes").symlink_to(postcodes.resolve(), target_is_directory=True)
    # Without limits, since a benchmark asks more often than anybody may.
    app = create_app({"NO_LIMITS": True}, {"PORTAL_INSTANCE": str(folder), "PORTAL_DATABASE_URL": ""})
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    if done.exit_code:
        raise RuntimeError(done.output)
    return app


def demonstration(folder: Path, postcodes: Path) -> Flask:
    """The demonstration, as `make run` makes it."""
    app = make(folder, postcodes)
    with app.app_context():
        seed.run(demo=True, today=clock.today(), say=lambda line: None)
        db.session.remove()
    return app


def councils_only(folder: Path, postcodes: Path) -> Flask:
    """Councils and taxonomy, and no listings."""
    app = make(folder, postcodes)
    with app.app_context():
        content.load(app.config["CONTENT"])
        seed.load_councils(app.config["CONTENT"] / "demo")
        db.session.commit()
        db.session.remove()
    return app
