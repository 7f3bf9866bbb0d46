"""People at the desks: they open a page, fill in what is asked, and press a button, as without script."""

import re
import uuid
from html import unescape
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.accounts import granting
from portal.accounts.granting import By
from portal.accounts.models import User
from portal.db import db
from portal.directory.models import Proposal, Service
from tests import make
from tests.accounts import people
from tests.accounts.people import Browser

BY_ED = By(None, "user:ed", "Ed")


def provider(
    app: Flask, organisation_id: uuid.UUID, key: str = "tom", kind: str = "owner"
) -> tuple[Browser, User]:
    """Somebody signed in who has a part in an organisation."""
    made = people.user(key)
    granting.take_in(made, organisation_id, kind, by=people.NOBODY, now=make.NOW)
    db.session.commit()
    browser = Browser(app)
    secret = people.authenticator(made) if kind != "worker" else ""
    assert browser.sign_in(made.email, secret).status_code == 303
    return browser, made


def editor(app: Flask, key: str = "ed", **more: Any) -> tuple[Browser, User]:
    """An editor of Fernshire, signed in."""
    return people.somebody(app, key, roles=("editor",), **more)


def hidden(html: str, name: str) -> str:
    """What a hidden field of the page holds."""
    found = re.search(rf'<input[^>]*name="{name}"[^>]*>', html)
    assert found, f"no {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return unescape(value[1]) if value else ""


def path_of(answer: TestResponse) -> str:
    """Where an answer leads."""
    assert answer.status_code in (301, 303), answer.text
    return answer.location.removeprefix("http://localhost")


def answer(browser: Browser, path: str, then: str = "on", **data: Any) -> TestResponse:
    """A question is answered."""
    page = browser.get(path)
    assert page.status_code == 200, (path, page.status_code, page.location)
    return browser.post(path, {"was": hidden(page.text, "was"), "then": then, **data})


def press(browser: Browser, page: str, path: str, **data: Any) -> TestResponse:
    """A button on a page is pressed: what the page carries goes with it."""
    text = browser.get(page).text
    carried = {
        name: hidden(text, name)
        for name in ("version", "edition", "other_version")
        if f'name="{name}"' in text and name not in data
    }
    return browser.post(path, {**carried, **data})


def begun(browser: Browser, path: str = "/provider/new") -> str:
    """The address of a new entry's questions."""
    return path_of(browser.post(path)).rpartition("/")[0]


def write(browser: Browser, at: str, name: str = "Thursday Lunch Club", **more: str) -> None:
    """All that an entry needs is filled in."""
    assert answer(browser, f"{at}/name", name=name, kind="group").status_code == 303
    summary = more.get("summary", "A hot lunch every Thursday.")
    assert answer(browser, f"{at}/about", summary=summary).status_code == 303
    if browser.get(f"{at}/organisation").status_code == 200:
        organisation = {"which": "new", "name": more.get("run_by", "Friends of St Anne’s"), "kind": "charity"}
        assert answer(browser, f"{at}/organisation", **organisation).status_code == 303
    venue = {"address": "1 Church Road", "town": "Sale", "postcode": more.get("postcode", "m337zf")}
    assert answer(browser, f"{at}/venues", **venue).status_code == 303
    assert answer(browser, f"{at}/contact", phone="01632 960 001").status_code == 303
    if browser.get(f"{at}/conduct").status_code == 200:
        assert answer(browser, f"{at}/conduct", agreed="yes", name="Tom Ashworth").status_code == 303


def proposal() -> Proposal:
    """The only proposal there is, as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.query(Proposal).one()


def again(service_id: uuid.UUID) -> Service:
    """The listing as the database has it now."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Service, service_id)


def found(app: Flask, words: str) -> str:
    """What the public gets for a search, on the next request."""
    return Browser(app).get(f"/find?q={words}").text
