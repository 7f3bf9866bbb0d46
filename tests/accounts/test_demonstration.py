"""The people of the demonstration, whom production does not take, and the commands about people."""

import json
import re
import uuid
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from portal import create_app, sealing
from portal.accounts import demonstration, factors, openid, queries
from portal.accounts.models import User
from portal.db import db
from portal.errors import Misconfigured
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser

PERSONAS = {"mavis", "derek", "priya", "ed", "tom", "asha", "fay", "sam", "bea", "olga", "ada"}


def told(app: Flask) -> list[dict[str, Any]]:
    """What demo.json tells of people."""
    found: list[dict[str, Any]] = json.loads((app.config["INSTANCE"] / "demo.json").read_text())["people"]
    return found


def test_everybody_of_the_demonstration_signs_in_as_its_file_says(demo: Flask) -> None:
    assert {person["persona"] for person in told(demo)} == PERSONAS
    for person in told(demo):
        browser = Browser(demo, host=person["host"])
        answer = browser.post("/sign-in", {"email": person["email"], "password": person["password"]})
        secret = person["authenticator secret"]
        assert answer.location == ("/sign-in/code" if secret else "/account/"), person
        if secret:  # not used up here: other tests may sign in as them
            user = queries.by_email(person["email"])
            assert user
            kept = factors.of(user.id).authenticators[0].secret
            assert sealing.unseal(kept, "authenticator") == secret, person


def test_olga_works_for_the_other_council_alone(demo: Flask) -> None:
    olga = queries.by_email("olga@millbrook.example.org")
    assert olga
    assert queries.parts(olga.id, make.council().id) == (frozenset(), {})
    assert "finance" in queries.parts(olga.id, make.council("millbrook").id)[0]


def test_tom_owns_his_company(demo: Flask) -> None:
    tom = queries.by_email("tom@fernshire.example.org")
    assert tom
    assert list(queries.parts(tom.id, make.council().id)[1].values()) == ["owner"]


def _settings(folder: Path, database: str, **more: str) -> dict[str, str]:
    return {
        "PORTAL_MODE": "production",
        "PORTAL_ACCOUNTS": "on",
        "PORTAL_SECRET_KEY": "k" * 40,
        "PORTAL_BASE_URL": "https://living.example.org",
        "PORTAL_MAIL_URL": "smtp://localhost",
        "PORTAL_INSTANCE": str(folder),
        "PORTAL_DATABASE_URL": database,
        **more,
    }


def test_production_does_not_start_with_them_and_says_what_to_do(each_site: Flask, tmp_path: Path) -> None:
    people.user("mavis", is_demo=True)
    database = db.engine.url.render_as_string(hide_password=False)
    db.session.rollback()
    with pytest.raises(Misconfigured, match="portal users close-demo"):
        create_app({"TESTING": True}, _settings(tmp_path, database))
    closed = each_site.test_cli_runner().invoke(args=["users", "close-demo"])
    assert closed.output == "1 accounts of the demonstration are closed.\n"
    assert people.again("mavis@example.org").state == "closed"
    db.session.rollback()
    assert create_app({"TESTING": True}, _settings(tmp_path, database)).config["PRODUCTION"]


def test_seeding_again_after_that_brings_nobody_back(site: Flask) -> None:
    persona = demonstration.Persona("asha", "Asha Rahman", make.council())
    for _ in range(2):
        demonstration.save([persona], people.PASSWORD, make.NOW, lambda key: uuid.UUID(int=7))
        demonstration.close(make.NOW)
        db.session.commit()
    assert people.again(persona.email).state == "closed"


def test_production_starts_to_migrate_an_empty_database(tmp_path: Path) -> None:
    app = create_app({"TESTING": True}, _settings(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    assert app.test_cli_runner().invoke(args=["db", "upgrade"]).exit_code == 0


def test_the_first_account_is_made_by_command_and_its_link_is_printed_once(each_site: Flask) -> None:
    runner = each_site.test_cli_runner()
    args = ["users", "add", "Ada@example.org", "--role", "administrator", "--council", "fernshire"]
    done = runner.invoke(args=args)
    assert done.exit_code == 0, done.output
    path = re.search(r"http://fernshire\.localhost:5000(/links/\S+)", done.output)
    assert path
    browser = Browser(each_site)
    answer = browser.post(path[1], {"name": "Ada", "password": "seven kettles whistle"})
    assert answer.status_code == 303
    assert people.mails() == []
    again = runner.invoke(args=[*args[:4], "editor", *args[5:]])
    assert "has an account already" in again.output


@pytest.mark.parametrize(("role", "council"), [("king", "fernshire"), ("editor", "nowhere")])
def test_a_role_or_a_council_that_is_none_is_refused(site: Flask, role: str, council: str) -> None:
    done = site.test_cli_runner().invoke(
        args=["users", "add", "ada@example.org", "--role", role, "--council", council]
    )
    assert done.exit_code != 0
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == 0


def test_a_councils_own_sign_in_is_set_by_command(site: Flask) -> None:
    done = site.test_cli_runner().invoke(
        args=["councils", "openid", "fernshire", "--issuer", "https://login.example.org/", "--client-id", "us",
              "--client-secret", "hush", "--domain", "@Fernshire.example.org"]
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    assert "http://fernshire.localhost:5000/sign-in/council/back" in done.output
    kept = queries.openid_service(make.council().id)
    assert kept
    service = openid.opened(kept, "")
    assert (service.issuer, service.client_secret) == ("https://login.example.org", "hush")
    assert service.domain == "fernshire.example.org"
