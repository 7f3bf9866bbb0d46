"""What somebody says about something sensitive stands where they see it, and nowhere else."""

import json
import logging
import re
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from portal import jobs
from portal.db import db
from portal.selfhelp.models import Talk
from tests import make
from tests.selfhelp.talking import SMALL, Visitor, publish

# Words that nothing else on the site says.
SAID = "my zebra sleeps badly"
CHOSEN = "hurt-by-zebra"


@pytest.fixture
def log(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Everything that is logged, the smallest thing too."""
    with caplog.at_level(logging.DEBUG):
        yield caplog


def everything_kept() -> dict[str, str]:
    """Every row of every table, as text, by the table's name."""
    return {
        table.name: json.dumps([list(map(str, row)) for row in db.session.execute(sa.select(table))])
        for table in db.metadata.sorted_tables
    }


def files_of(folder: Path) -> dict[str, bytes]:
    """What stands in every file of the instance folder, save the database's own."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("portal.db") and "postcodes" not in path.parts
    }


def say_all(ines: Visitor, service: uuid.UUID) -> list[str]:
    """She goes through everything there is; the addresses that she came to."""
    addresses: list[str] = []
    ines.begin().say(danger=CHOSEN)
    addresses.append(ines.at)
    ines.say(stairs="hard", enjoy=["garden"]).say(falls="often").say(matters=SAID, postcode="M33 7ZF")
    addresses.append(ines.at)
    ines.post(ines.at, note="1")
    assert ines.has(SAID), "she sees it herself"
    ines.send("/self-help/small/finish")
    addresses += [ines.at, *ines.links]
    ines.send("/self-help/small/aside", rule="stairs-help", reason="have-it")
    ines.send("/self-help/small/plan", service=str(service))
    ines.open("/self-help/small/keep").send("/self-help/small/code")
    ines.send("/self-help/small/mail", email="ines@example.org")
    return addresses


def test_a_sensitive_answer_stands_in_no_address_log_audit_row_count_mail_or_file(
    site: Flask, client: FlaskClient, log: pytest.LogCaptureFixture
) -> None:
    rails = make.service("Rails", terms=("adaptations",))
    make.saved(rails)
    publish(re.sub(r"\bhurt\b", CHOSEN, SMALL))
    ines = Visitor(client)
    addresses = say_all(ines, rails.id)
    jobs.run_due(make.NOW)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Talk.id))) == 1
    secrets = (SAID, CHOSEN)
    assert [path for path in addresses if any(secret in path for secret in secrets)] == []
    kept = everything_kept()
    assert "small" in kept["question_count"], "questions are counted"
    # The conversation itself names its options; that is no answer.
    del kept["document_version"]
    assert [name for name, rows in kept.items() if any(secret in rows for secret in secrets)] == []
    assert [
        record.getMessage() for record in log.records if any(s in record.getMessage() for s in secrets)
    ] == []
    found = files_of(Path(site.config["INSTANCE"]))
    assert [name for name, text in found.items() if any(secret.encode() in text for secret in secrets)] == []
    with client.session_transaction() as session:
        jar = json.dumps(dict(session))
    assert not any(secret in jar for secret in secrets)
