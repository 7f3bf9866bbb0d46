"""The mails of freshness and of what the public tells, as people read them."""

import datetime as dt
import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import letters
from portal.directory.reminding import Line
from tests import make

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"
FOLDER = "directory/mail"
DUE, LATE, HIDDEN = (
    Line(name, stage, dt.date(2026, month, 7), dt.date(2027, month - 8, 8))
    for name, stage, month in (
        ("Thursday Table", "due", 12),
        ("Memory café", "late", 11),
        ("Walking group", "hidden", 9),
    )
)
PAST = Line("Lunch at the Grange", "due", dt.date(2026, 11, 20), dt.date(2027, 2, 19))
ASKS: dict[str, Any] = {"token": "TOKEN", "ends_on": dt.date(2027, 1, 22), "today": make.NOW.date()}
HARM: dict[str, Any] = {
    "voice_id": uuid.UUID(int=7), "own": True, "about": "Thursday Table", "words": "One of them shouts\nat Jean.",
    "said": "“shouts at”", "name": "Mavis", "email": "mavis@example.org",
}  # fmt: skip
LETTERS: dict[str, tuple[str, dict[str, Any]]] = {
    "still_right": ("still_right", {**ASKS, "lines": [DUE]}),
    "still_right_several": ("still_right", {**ASKS, "lines": [DUE, PAST, LATE, HIDDEN]}),
    "overdue": ("overdue", {"lines": [LATE, HIDDEN], "more": 0}),
    "overdue_many": ("overdue", {"lines": [LATE], "more": 12}),
    "thanks": ("thanks", {}),
    "safeguarding": ("safeguarding", HARM),
    "safeguarding_elsewhere": ("safeguarding", {**HARM, "own": False, "name": "", "email": ""}),
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_should(site: Flask, name: str) -> None:
    """To renew: delete the file, run once (it fails and writes), and read what was written."""
    template, facts = LETTERS[name]
    council, path = make.council(), GOLDEN / f"directory_{name}.txt"
    mail = letters.write(
        "tom@example.org", f"{FOLDER}/{template}.txt", council=council, now=make.NOW, **facts
    )
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} was not there and is written now: read it")
    assert text == path.read_text()


def test_every_template_of_these_has_a_letter_here(site: Flask) -> None:
    folder = Path(site.root_path) / "templates" / "directory" / "mail"
    assert {path.stem for path in folder.glob("*.txt")} == {template for template, _ in LETTERS.values()}


def test_a_listings_name_is_no_link_of_its_own(site: Flask) -> None:
    line = Line("> Press: https://evil.example/", "due", dt.date(2026, 12, 7), dt.date(2027, 3, 8))
    mail = letters.write(
        "tom@example.org",
        f"{FOLDER}/still_right.txt",
        council=make.council(),
        now=make.NOW,
        lines=[line],
        **ASKS,
    )
    assert 'href="https://evil.example/"' not in (mail.html or "")
