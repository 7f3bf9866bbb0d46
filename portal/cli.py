"""The `portal` command: everything that is done to the site from a terminal.

Each command is one transaction. Commands print what happened in words, and end with 1 when something is wrong.
"""

import datetime as dt
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click
import sqlalchemy as sa
from flask import Flask, current_app
from flask.cli import AppGroup, FlaskGroup, with_appcontext
from gunicorn.app.base import BaseApplication

from portal import audit, clock, jobs, letters, registry, seed
from portal.accounts import demonstration, granting, links, openid
from portal.accounts.models import ROLES
from portal.councils import actions as councils
from portal.councils import queries as council_queries
from portal.councils.models import Council
from portal.db import MIGRATIONS, db
from portal.directory import content, importing, indexing, where, words_as_documents
from portal.editorial import loading
from portal.errors import Misconfigured, Refusal
from portal.postcodes import load as load_postcodes

_HOW_OFTEN = 5.0  # seconds between two looks at what is due

database = AppGroup("db", help="The database's tables.")
postcodes = AppGroup("postcodes", help="Where postcodes are.")
index = AppGroup("index", help="The search index.")
words = AppGroup("content", help="Words and rules that editors own.")
job_commands = AppGroup("jobs", help="What the site does by itself.")
council_commands = AppGroup("councils", help="The councils on the site.")
user_commands = AppGroup("users", help="Who works on the site.")
directory = AppGroup("directory", help="Listings in and out.")
audit_commands = AppGroup("audit", help="Who did what.")


def migrations() -> Any:
    """Flask-Migrate, ready for the app. Loaded for who asks: what serves pages needs none of its ten megabytes."""
    import flask_migrate

    if "migrate" not in current_app.extensions:
        flask_migrate.Migrate(current_app, db, str(MIGRATIONS), "theirs", render_as_batch=True)
        current_app.cli.commands.pop("theirs")  # its own commands; ours say less
    return flask_migrate


@database.command()
def upgrade() -> None:
    """Bring the tables up to date."""
    migrations().upgrade(directory=str(MIGRATIONS))


@database.command()
@click.option("-m", "--message", required=True)
def migration(message: str) -> None:
    """Write a migration for what has changed in the models (for developers)."""
    migrations().migrate(directory=str(MIGRATIONS), message=message)


@postcodes.command("load")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--area", "areas", multiple=True, help="Keep only postcodes of these authorities (ONS codes).")
def load(file: Path | None, areas: tuple[str, ...]) -> None:
    """Learn where postcodes are: the whole UK, or what FILE says on top of what is known."""
    report = load_postcodes(where.folder(), file, areas or None, click.echo)
    click.echo(str(report))


@index.command()
def rebuild() -> None:
    """Make the search index anew and swap it in whole."""
    click.echo(f"{indexing.rebuild():,} listings are in the index.")


@words.command("load")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def load_words(folder: Path) -> None:
    """Take in the starter content in FOLDER."""
    for line in (*content.load(folder), *loading.load(folder, clock.now())):
        click.echo(line)
    words_as_documents.take_in()  # where editors have changed the taxonomy here, the file's names do not come back
    db.session.commit()


@words.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def lint(folder: Path) -> None:
    """Say every problem of the content in FOLDER, with file, line and words."""
    found = loading.lint(folder, clock.today())
    problems = [*content.lint(folder), *(str(one) for one in found if one.level == "error")]
    for problem in problems:
        click.echo(problem)
    for one in found:
        if one.level == "warning":
            click.echo(f"(to look at) {one}")
    click.echo(f"{len(problems)} problems.")
    sys.exit(bool(problems))


@words.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
def export_words(folder: Path) -> None:
    """Write the taxonomy and the library of documents, as they stand in the database, into FOLDER."""
    click.echo(f"Written: {content.export(folder)}")
    for line in loading.export(folder):
        click.echo(line)


@job_commands.command("run")
@click.option("--loop", is_flag=True, help="Go on until stopped.")
def run_jobs(loop: bool) -> None:
    """Do what is due. Ends with 1 where a job failed; with --loop it says so and goes on."""
    if not loop:
        _do_what_is_due()
        sys.exit(bool(jobs.problems()))
    while True:
        try:
            _do_what_is_due()
        except sa.exc.OperationalError as error:  # the database is away; it will be back
            click.echo(f"The database does not answer: {error.orig}", err=True)
        db.session.remove()
        time.sleep(_HOW_OFTEN)


def _do_what_is_due() -> None:
    for name in jobs.run_due(clock.now()):
        click.echo(f"done: {name}")


@council_commands.command("add")
@click.argument("key")
@click.option("--name", required=True)
@click.option("--host", "hosts", multiple=True, required=True)
@click.option("--area", "areas", multiple=True, required=True, help="ONS code; repeat for several.")
@click.option("--phone", default="", help="Whom to ring; shown on every page.")
def add_council(key: str, name: str, hosts: tuple[str, ...], areas: tuple[str, ...], phone: str) -> None:
    """Add a council to the site."""
    councils.add(key, name=name, hosts=hosts, areas=areas, phone=phone)
    db.session.commit()
    click.echo(f"{name} is on the site at {', '.join(hosts)}.")


@council_commands.command("openid")
@click.argument("key")
@click.option("--issuer", required=True, help="The https address that the service names as its own.")
@click.option("--client-id", required=True)
@click.option("--client-secret", prompt=True, hide_input=True, help="Asked for where it is not given.")
@click.option("--domain", required=True, help="Only addresses of this domain are let in.")
def council_openid(key: str, issuer: str, client_id: str, client_secret: str, domain: str) -> None:
    """Let a council's staff sign in at their own service."""
    council = _council(key)
    openid.save(council, issuer, client_id, client_secret, domain)
    db.session.commit()
    back = letters.address(council, "openid.back")
    click.echo(f"{council.name}’s staff can sign in at {issuer}. Let the service send people back to {back}.")


def _council(key: str) -> Council:
    council = council_queries.by_key(key)
    if council is None:
        raise Refusal(f"There is no council {key}.")
    return council


@user_commands.command("add")
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
@click.option("--council", "key", required=True)
@click.option("--name", default="")
def add_user(email: str, role: str, key: str, name: str) -> None:
    """Give somebody a part to play for a council; prints, once, the link that opens their account."""
    council, now = _council(key), clock.now()
    by = granting.By(None, "command line")
    user = granting.found_or_new(email, name, now)
    granting.grant_role(user, council, role, by=by, now=now)
    token = links.make("invitation", user, now, {"name": name}) if user.state == "invited" else ""
    db.session.commit()
    if token:
        click.echo(f"{user.email} opens the account here, once, within seven days:")
        click.echo(letters.address(council, "joining.link", token=token))
    else:
        click.echo(f"{user.email} has an account already, and signs in as before.")


@user_commands.command("close-demo")
def close_demo() -> None:
    """Close the accounts of the demonstration, without which production does not start."""
    count = demonstration.close(clock.now())
    db.session.commit()
    click.echo(f"{count} accounts of the demonstration are closed.")


@audit_commands.command("check")
def check_audit() -> None:
    """Walk all chains of the audit, and say what was changed, is missing or was forged; ends with 1 then."""
    report = audit.check(db.session())
    for problem in report.problems:
        click.echo(str(problem))
    click.echo(str(report))
    sys.exit(bool(report.problems))


@directory.command("import-csv")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--council", "key", required=True)
@click.option("--map", "mapping", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def import_csv(file: Path, key: str, mapping: Path, dry_run: bool) -> None:
    """Take in a council's own spreadsheet, with a MAPPING.toml that says which column is what."""
    report = importing.import_csv(key, file, mapping, now=clock.now(), say=click.echo)
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
    click.echo(str(report))


@click.command("seed")
@click.option("--demo", is_flag=True, help="The made-up councils of the demonstration, too.")
@click.option(
    "--today", type=click.DateTime(["%Y-%m-%d"]), help="The day the demonstration's dates count from."
)
@with_appcontext
def seed_command(demo: bool, today: dt.datetime | None) -> None:
    """Load the starter content, where it is not there yet."""
    seed.run(demo=demo, today=today.date() if today else clock.today(), say=click.echo)


class _Server(BaseApplication):
    """Gunicorn, told what to do here and not by its own settings file."""

    def __init__(self, app: Flask, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        """Our options."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The app, made before the workers are forked, so that they share its memory."""
        return self._app


def _read_ahead(app: Flask) -> None:
    """What each worker's first search would read anew (conversations, equipment, boards) is read before the fork."""
    for host in [council.hosts[0].host for council in council_queries.every() if council.hosts]:
        with app.test_request_context(base_url=f"http://{host}/"):
            app.preprocess_request()
            registry.searchables()


@click.command("serve")
@click.option("--port", default=5000, show_default=True)
@click.option("--workers", default=2, show_default=True)
@click.option("--demo", is_flag=True, help="First bring the tables up to date and load the demonstration.")
@with_appcontext
def serve(port: int, workers: int, demo: bool) -> None:
    """Serve on this machine, with the job loop beside it."""
    if demo:
        migrations().upgrade(directory=str(MIGRATIONS))
        seed.run(demo=True, today=clock.today(), say=click.echo)
    app = registry.the_app()
    welcome = seed.welcome(port)
    _read_ahead(app)
    # The workers are forked from here: nothing of the database may be open, or it would lock them all out.
    db.session.remove()
    db.engine.dispose()
    loop = subprocess.Popen([sys.argv[0], "jobs", "run", "--loop"])  # noqa: S603 - ourselves
    click.echo("\n".join(welcome))
    try:
        _Server(
            app,
            {
                "bind": f"127.0.0.1:{port}",
                "workers": workers,
                "threads": 4,
                "worker_class": "gthread",
                "preload_app": True,
                "accesslog": None,
                "loglevel": "warning",
                "timeout": 60,
                # However long an address is, the page can answer it. This server listens on this machine only;
                # before one that the world reaches stands a proxy with a limit of its own.
                "limit_request_line": 0,
            },
        ).run()
    finally:
        loop.terminate()


def init_app(app: Flask) -> None:
    """The commands belong to the app."""
    for command in (
        database,
        postcodes,
        index,
        words,
        job_commands,
        council_commands,
        user_commands,
        audit_commands,
        directory,
        seed_command,
        serve,
    ):
        app.cli.add_command(command)


def _make_app() -> Flask:
    from portal import create_app

    return create_app()


def main() -> None:
    """The console script. A refusal is said in its own words."""
    try:
        FlaskGroup(create_app=_make_app, add_default_commands=False, help=__doc__)(prog_name="portal")
    except Refusal as refusal:
        click.echo(refusal.words, err=True)
        sys.exit(1)
    except Misconfigured as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
