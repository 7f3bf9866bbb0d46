"""The mails that editors have about documents, as people read them."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import letters
from portal.editorial import linking, reviewing
from tests import make

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"
ID = uuid.UUID(int=7)
DUE = reviewing.Line(ID, "Keeping warm", dt.date(2026, 12, 7))
HELD = reviewing.Line(
    ID, "Keeping warm", why="link, line 20: there is no article hats; link to one that there is"
)
GONE = linking.Line("https://www.nhs.uk/keep-warm", "it answers 404", "Keeping warm, Living well")
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "reviews": ("reviews", {"lines": [DUE], "more": 0}),
    "reviews_many": ("reviews", {"lines": [DUE, DUE], "more": 3}),
    "held": ("held", {"lines": [HELD], "more": 0}),
    "links": ("links", {"lines": [GONE], "more": 1}),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_should(site: Flask, name: str) -> None:
    """To renew: delete the file, run once (it fails and writes), and read what was written."""
    template, facts = LETTERS[name]
    council, path = make.council(), GOLDEN / f"documents_{name}.txt"
    mail = letters.write(
        "ed@example.org", f"documents/mail/{template}.txt", council=council, now=make.NOW, **facts
    )
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} was written: read it")
    assert text == path.read_text()
