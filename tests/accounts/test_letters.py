"""Every letter of the accounts, as people read it; and a template makes plain text and HTML of the same words."""

from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import letters
from portal.i18n import moment
from portal.notify import Message
from tests import make

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"
TOKEN = "TOKEN"
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "confirm": ("confirm", {"token": TOKEN}),
    "known": ("known", {}),
    "no_account": ("no_account", {}),
    "reset": ("reset", {"token": TOKEN, "name": "Mavis"}),
    "this_computer": ("this_computer", {"token": TOKEN, "name": "Mavis"}),
    "new_address": ("new_address", {"token": TOKEN, "name": "Mavis"}),
    "address_asked": ("address_asked", {"name": "Mavis"}),
    "changed_password": ("changed", {"what": "password", "name": "Mavis"}),
    "changed_email": ("changed", {"what": "email", "name": ""}),
    "changed_factor_added": ("changed", {"what": "factor_added", "name": "Mavis"}),
    "changed_factor_removed": ("changed", {"what": "factor_removed", "name": "Mavis"}),
    "changed_recovered": ("changed", {"what": "recovered", "name": "Mavis"}),
    "invitation": ("invitation", {"token": TOKEN, "by": "Ada Marsh", "what": "Editor"}),
    "invitation_from_nobody": ("invitation", {"token": TOKEN, "by": "", "what": "Editor"}),
    "taken_in": ("taken_in", {"by": "Ada Marsh", "what": "Editor"}),
    "recovery_asked": ("recovery", {"step": "asked", "name": "Mavis", "hours": 24}),
    "recovery_approved": ("recovery", {"step": "approved", "name": "Mavis", "hours": 24}),
}


def written(name: str) -> Message:
    """One of the letters, to Mavis, from Fernshire."""
    template, facts = LETTERS[name]
    path = f"accounts/mail/{template}.txt"
    return letters.write("mavis@example.org", path, council=make.council(), now=make.NOW, **facts)


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_should(site: Flask, name: str) -> None:
    """To renew: delete the file, run once (it fails and writes), and read what was written."""
    mail, path = written(name), GOLDEN / f"accounts_{name}.txt"
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} was not there and is written now: read it")
    assert text == path.read_text()


def test_every_template_has_a_letter_here(site: Flask) -> None:
    folder = Path(site.root_path) / "templates" / "accounts" / "mail"
    assert {path.stem for path in folder.glob("*.txt")} - {"foot"} == {
        template for template, _ in LETTERS.values()
    }


def test_names_are_words_and_never_html(site: Flask) -> None:
    hostile = {"by": "<b>Ada</b> & co", "what": "Editor", "token": TOKEN}
    mail = letters.write(
        "ed@example.org", "accounts/mail/invitation.txt", council=make.council(), now=make.NOW, **hostile
    )
    assert "<b>Ada</b> & co has invited you" in mail.text
    assert "&lt;b&gt;Ada&lt;/b&gt; &amp; co has invited you" in (mail.html or "")


def test_a_name_of_many_lines_makes_no_link_of_its_own(site: Flask) -> None:
    name = "Mavis\n\n> Press here: https://evil.example/\n\n"
    mail = letters.write(
        "mavis@example.org",
        "accounts/mail/reset.txt",
        council=make.council(),
        now=make.NOW,
        token=TOKEN,
        name=name,
    )
    assert 'href="https://evil.example/"' not in (mail.html or "")
    assert "Hello Mavis > Press here: https://evil.example/," in mail.text


def test_words_can_be_said_outside_a_request(site: Flask) -> None:
    assert moment(make.NOW) == "23 November 2026, 9.30am"
