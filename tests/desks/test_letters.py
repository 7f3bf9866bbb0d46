"""The letters of the desks, as people read them."""

import uuid
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import letters
from tests import make

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"
ID = uuid.UUID(int=7)
LETTERS: dict[str, dict[str, Any]] = {
    "approved": {"name": "Tom", "entry": "Thursday Lunch Club", "service_id": str(ID)},
    "sent_back": {"name": "Tom", "entry": "Thursday Lunch Club", "words": "Which door?", "proposal_id": ID},
    "claim_granted": {"name": "Tom", "organisation": "Friends of St Anne’s"},
    "claim_refused": {"name": "", "organisation": "Friends of St Anne’s", "words": "Ring us, please."},
}


@pytest.mark.parametrize("name", LETTERS)
def test_a_letter_reads_as_it_should(site: Flask, name: str) -> None:
    """To renew: delete the file, run once (it fails and writes), and read what was written."""
    path, template = GOLDEN / f"desk_{name}.txt", f"directory/provider/mail/{name}.txt"
    mail = letters.write("tom@example.org", template, council=make.council(), now=make.NOW, **LETTERS[name])
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} was not there and is written now: read it")
    assert text == path.read_text()


def test_every_template_has_a_letter_here(site: Flask) -> None:
    folder = Path(site.root_path) / "templates" / "directory" / "provider" / "mail"
    assert {path.stem for path in folder.glob("*.txt")} == set(LETTERS)
