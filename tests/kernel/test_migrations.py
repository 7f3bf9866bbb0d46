"""Migrations: from nothing to exactly the models' tables, whole or not at all, and losing no row on the way."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy.engine import Connection

from portal import create_app
from portal.audit import AuditEvent
from portal.cli import migrations
from portal.councils.models import Council, CouncilHost
from portal.db import MIGRATIONS, db, new_id, newest_migration
from tests import machine
from tests.make import NOW

SCHEMA = "migrating"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def nowhere(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """An app whose database is empty, on SQLite and on PostgreSQL in turn; its context is open."""
    url = f"sqlite:///{tmp_path / 'portal.db'}"
    if request.param == "postgresql":
        url = _empty_schema(machine.database_url())
    app = create_app({"TESTING": True}, {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_DATABASE_URL": url})
    with app.app_context():
        yield app
        db.session.remove()
        if request.param == "postgresql":
            with db.engine.begin() as connection:
                connection.execute(sa.text(f"DROP SCHEMA {SCHEMA} CASCADE"))
        db.engine.dispose()


def _empty_schema(url: str) -> str:
    """The address of a schema of its own, empty, in the tests' database."""
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE"))
        connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}"))
    address = sa.make_url(url).update_query_dict({"options": f"-csearch_path={SCHEMA}"})
    return address.render_as_string(hide_password=False)


def upgrade(folder: Path = MIGRATIONS) -> None:
    """The tables are as the migrations in the folder say."""
    migrations().upgrade(directory=str(folder))


def tables() -> set[str]:
    """The tables there are."""
    return set(sa.inspect(db.engine).get_table_names())


def described(connection: Connection) -> dict[str, Any]:
    """All that the database itself says of its tables, in an order that does not matter."""
    inspector = sa.inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        found[table] = {
            "columns": {
                c["name"]: (str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)
            },
            "primary key": inspector.get_pk_constraint(table)["constrained_columns"],
            "foreign keys": _sorted(inspector.get_foreign_keys(table)),
            "unique": _sorted(inspector.get_unique_constraints(table)),
            "indexes": _sorted(inspector.get_indexes(table)),
            "checks": _sorted(inspector.get_check_constraints(table)),
        }
    return found


def _sorted(things: Any) -> list[str]:
    return sorted(_said(thing) for thing in things)


def _said(thing: Any) -> str:
    """In words, whatever it is made of."""
    if isinstance(thing, dict):
        return str(sorted((key, _said(value)) for key, value in thing.items()))
    return str(thing)


def test_from_nothing_the_tables_are_exactly_the_models(nowhere: Flask) -> None:
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, db.metadata) == []


def test_they_are_so_to_the_last_rule_default_and_index(nowhere: Flask) -> None:
    with db.engine.begin() as connection:
        db.metadata.create_all(connection)
        meant = described(connection)
        db.metadata.drop_all(connection)
    upgrade()
    with db.engine.connect() as connection:
        assert described(connection) == meant


def test_upgrading_twice_changes_nothing(nowhere: Flask) -> None:
    upgrade()
    council_id = _council()
    upgrade()
    assert db.session.get(Council, council_id)


def test_there_is_one_line_of_migrations() -> None:
    script = ScriptDirectory(str(MIGRATIONS))
    assert len(script.get_heads()) == len(script.get_bases()) == 1
    assert newest_migration() == script.get_current_head()


def test_all_the_way_back_and_there_again(nowhere: Flask) -> None:
    upgrade()
    there = tables()
    _council()
    db.session.remove()
    migrations().downgrade(directory=str(MIGRATIONS), revision="base")
    assert tables() == {"alembic_version"}
    upgrade()
    assert tables() == there
    _refuses_to_change_the_audit()


# The next migration, whatever it is


NEXT = '''"""The one that comes next."""
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "next", "{head}", None, None


def upgrade() -> None:
{body}
'''


@pytest.fixture
def next_one(tmp_path: Path) -> Callable[[str], Path]:
    """The migrations with one more, of which only the body is given; it may use op and sa."""

    def write(*lines: str) -> Path:
        folder = tmp_path / "migrations"
        shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
        head = ScriptDirectory(str(MIGRATIONS)).get_current_head()
        body = "\n".join(f"    {line}" for line in lines)
        (folder / "versions" / "next.py").write_text(NEXT.format(head=head, body=body))
        return folder

    return write


def _council() -> Any:
    council = Council(
        id=new_id(), key="fernshire", name="Fernshire", site_name="Fernshire", base_url="", phone=""
    )
    council.hosts = [CouncilHost(host="fernshire.localhost")]
    db.session.add(council)
    db.session.flush()  # the audit names the council, and knows of no relationship
    db.session.add(
        AuditEvent(at=NOW, actor="ed", action="tests", subject="a:1", council_id=council.id, facts={})
    )
    council_id = council.id
    db.session.commit()
    return council_id


def _refuses_to_change_the_audit() -> None:
    council_id = _council()
    for statement in ("UPDATE audit_event SET actor = 'tom'", "DELETE FROM audit_event"):
        with pytest.raises(sa.exc.DBAPIError, match="the audit is never changed"):
            db.session.execute(sa.text(statement))
        db.session.rollback()
    assert db.session.get(Council, council_id)


def test_a_migration_that_fails_in_the_middle_leaves_all_as_it_was(
    nowhere: Flask, next_one: Callable[..., Path]
) -> None:
    upgrade()
    before = tables()
    with db.engine.connect() as connection:
        at = MigrationContext.configure(connection).get_current_revision()
    folder = next_one(
        'op.create_table("half", sa.Column("id", sa.Integer, primary_key=True))',
        "op.execute(\"UPDATE council SET phone = '999'\")",
        'raise ValueError("the power went")',
    )
    _council()
    db.session.remove()
    with pytest.raises(ValueError, match="the power went"):
        upgrade(folder)
    assert tables() == before
    with db.engine.connect() as connection:
        assert MigrationContext.configure(connection).get_current_revision() == at
    assert db.session.scalar(sa.select(Council.phone)) == ""


def test_a_table_that_is_made_anew_keeps_its_rows_and_those_that_hang_on_it(
    nowhere: Flask, next_one: Callable[..., Path]
) -> None:
    """SQLite cannot change a column: the table is made again, and dropping the old one must not take others along."""
    upgrade()
    council_id = _council()
    db.session.remove()
    upgrade(
        next_one(
            'with op.batch_alter_table("council", recreate="auto") as table:',
            '    table.alter_column("phone", type_=sa.String(60))',
            '    table.create_check_constraint("phone_is_one", "phone <> \'none\'")',
        )
    )
    assert db.session.get(Council, council_id)
    assert db.session.scalar(sa.select(sa.func.count(CouncilHost.host))) == 1
    assert db.session.scalar(sa.select(sa.func.count(AuditEvent.id))) == 1


def test_rows_of_a_table_that_are_owned_by_one_made_anew_stay_too(
    nowhere: Flask, next_one: Callable[..., Path]
) -> None:
    upgrade()
    organisation = {"id": new_id().hex, "council": _council().hex}
    columns = "alternate_name, description, kind, website, email, phone, charity_number, company_number"
    columns += ", cqc_provider_id, source, source_id"
    blanks = ", ".join(["''"] * 11)
    db.session.execute(
        sa.text(
            f"INSERT INTO organisation (id, council_id, name, {columns}) VALUES (:id, :council, 'Tom Ltd', {blanks})"
        ),
        organisation,
    )
    db.session.commit()
    db.session.remove()
    upgrade(
        next_one(
            'with op.batch_alter_table("council", recreate="auto") as table:',
            '    table.alter_column("phone", type_=sa.String(60))',
        )
    )
    assert db.session.scalar(sa.text("SELECT count(*) FROM organisation")) == 1


def test_a_migration_that_leaves_a_row_hanging_in_the_air_fails(
    nowhere: Flask, next_one: Callable[..., Path]
) -> None:
    upgrade()
    _council()
    db.session.remove()
    with pytest.raises((sa.exc.IntegrityError, SystemExit)):
        upgrade(
            next_one(
                "op.execute(\"UPDATE council_host SET council_id = '00000000000000000000000000000000'\")"
            )
        )
    assert db.session.scalar(sa.select(sa.func.count(Council.id)).join(CouncilHost)) == 1


# Whose tables they are


@pytest.fixture
def owned(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Addresses of one PostgreSQL schema: as the role that owns the tables, and as the site's, which owns none."""
    url = _empty_schema(machine.database_url())
    owner = sa.create_engine(url, poolclass=sa.NullPool)
    site = sa.make_url(url).set(username="portal_site", password="site").render_as_string(hide_password=False)
    rights = f"IN SCHEMA {SCHEMA} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO portal_site"
    _forget(owner)
    with owner.begin() as connection:
        connection.execute(sa.text("CREATE ROLE portal_site LOGIN PASSWORD 'site'"))
        connection.execute(sa.text(f"GRANT USAGE ON SCHEMA {SCHEMA} TO portal_site"))
        connection.execute(sa.text(f"ALTER DEFAULT PRIVILEGES {rights}"))
        connection.execute(
            sa.text(f"ALTER DEFAULT PRIVILEGES IN SCHEMA {SCHEMA} GRANT USAGE ON SEQUENCES TO portal_site")
        )
    yield url, site
    with owner.begin() as connection:
        connection.execute(sa.text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    _forget(owner)


def _forget(owner: sa.Engine) -> None:
    with owner.begin() as connection:
        if connection.scalar(sa.text("SELECT 1 FROM pg_roles WHERE rolname = 'portal_site'")):
            connection.execute(sa.text("DROP OWNED BY portal_site"))
            connection.execute(sa.text("DROP ROLE portal_site"))


@pytest.mark.postgres
def test_the_sites_own_role_cannot_take_the_guard_off_the_audit(
    owned: tuple[str, str], tmp_path: Path
) -> None:
    owner, site = owned
    environ = {
        "PORTAL_DATABASE_URL": site,
        "PORTAL_MIGRATE_DATABASE_URL": owner,
        "PORTAL_INSTANCE": str(tmp_path),
    }
    app = create_app({"TESTING": True}, environ)
    done = app.test_cli_runner().invoke(args=["db", "upgrade"])
    assert done.exit_code == 0, done.output
    with app.app_context():
        _refuses_to_change_the_audit()
        for statement in (
            "TRUNCATE audit_event",
            "ALTER TABLE audit_event DISABLE TRIGGER ALL",
            "DROP TRIGGER audit_event_keep ON audit_event",
            "DROP TABLE audit_event",
            "CREATE OR REPLACE FUNCTION audit_event_keep() RETURNS trigger LANGUAGE sql AS 'SELECT NULL'",
        ):
            with pytest.raises(sa.exc.DBAPIError):
                db.session.execute(sa.text(statement))
            db.session.rollback()
        db.session.remove()
        db.engine.dispose()
