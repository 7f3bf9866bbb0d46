"""The board for employing a personal assistant: its list, its drawing, a step, the plan, and documents to fill in."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient

from portal.db import db
from portal.editorial import loading
from tests import make
from tests.selfhelp.talking import Visitor

CONTENT = Path(__file__).parents[2] / "content"
BOARD = "/boards/personal-assistant"


@pytest.fixture
def mavis(client: FlaskClient) -> Visitor:
    """Mavis, on a site with the starter content."""
    loading.load(CONTENT, make.NOW)
    db.session.commit()
    return Visitor(client)


def steps(page: str) -> Iterator[str]:
    """Where the list's steps lead, in their order."""
    yield from re.findall(r'<li><a href="(/boards/personal-assistant/[a-z-]+)"', page)


def test_the_board_lists_thirteen_steps_and_draws_the_same_as_links(mavis: Visitor) -> None:
    mavis.open(BOARD)
    assert mavis.title == "Employing a personal assistant"
    listed = list(steps(mavis.page))
    assert len(listed) == 13
    drawn = re.findall(r'class="board-stop" href="([^"]+)"', mavis.page)
    assert drawn == listed
    assert mavis.has("Ladder to step 4:")
    assert mavis.has("Snake back to step 8:")
    assert "style=" not in mavis.page.partition("<main")[2]


@pytest.mark.parametrize("path", ["/self-help", "/equipment"])
def test_the_board_is_found_where_people_look_for_ways_to_get_help(mavis: Visitor, path: str) -> None:
    assert f'href="{BOARD}"' in mavis.open(path).page


def test_an_article_leads_to_its_step_and_to_what_is_hard_that_it_is_about(mavis: Visitor) -> None:
    mavis.open("/advice/pa-right-for-me")
    assert mavis.has("This may help too")
    assert f'href="{BOARD}/right-for-me"' in mavis.page
    assert 'href="/equipment/' in mavis.open("/advice/preventing-falls").page


def test_somebody_walks_the_whole_way_by_next_step_and_back_again(mavis: Visitor) -> None:
    way = list(steps(mavis.open(BOARD).page))
    at, walked = way[0], list[str]()
    while at:
        mavis.open(at)
        assert mavis.status == 200
        assert mavis.has(f"Step {len(walked) + 1} of 13")
        assert mavis.has("Checklist")
        assert mavis.has("Ladders: what helps") or mavis.has("Snakes: what trips people up")
        assert re.search(r'href="/advice/pa-[a-z-]+"', mavis.page)
        walked.append(at)
        found = re.search(r'class="button" href="([^"]+)">Next step:', mavis.page)
        at = found[1] if found else ""
    assert walked == way
    before = re.search(r'href="([^"]+)">Step before:', mavis.page)
    assert before
    assert before[1] == way[-2]


def test_a_step_and_the_whole_board_go_onto_the_plan_and_off_it(mavis: Visitor) -> None:
    mavis.open(f"{BOARD}/write-the-job").send("/plan/items", thing="step:personal-assistant-write-the-job")
    assert mavis.at == "/plan"
    assert mavis.has("Your plan has 1 thing on it")
    assert mavis.has("Employing a personal assistant: Write the job")
    assert f'href="{BOARD}/write-the-job"' in mavis.page
    mavis.open(BOARD).send("/plan/items", thing="board:personal-assistant")
    assert mavis.has("Your plan has 2 things on it")
    mavis.send("/plan/items/remove", thing="step:personal-assistant-write-the-job")
    assert mavis.has("Your plan has 1 thing on it")


@pytest.mark.parametrize("asked", ["employ a personal assistant", "employing a PA", "hire my own carer"])
def test_the_board_is_among_the_first_three_things_found(mavis: Visitor, asked: str) -> None:
    mavis.open(f"/find?q={asked.replace(' ', '+')}")
    found = [
        at for at in mavis.links if at.startswith(("/boards/", "/advice/", "/equipment/", "/self-help/"))
    ]
    assert BOARD in found[:3]


# What there is to fill in


def test_a_document_is_read_on_a_page_and_downloaded_as_a_word_file(mavis: Visitor) -> None:
    mavis.open(f"{BOARD}/contract")
    assert f"{BOARD}/contract/pa-contract.docx" in mavis.links
    mavis.open(f"{BOARD}/contract/pa-contract")
    assert mavis.title == "Contract of employment: personal assistant"
    assert mavis.has("Please have it looked over")
    answer = mavis.client.get(f"{BOARD}/contract/pa-contract.docx")
    assert answer.status_code == 200
    assert str(answer.mimetype).endswith("wordprocessingml.document")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="pa-contract.docx"'
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        words = "".join(ET.fromstring(archive.read("word/document.xml")).itertext())
    assert "Contract of employment: personal assistant" in words
    assert "Notice" in words


def test_a_document_belongs_to_the_step_that_names_it(mavis: Visitor) -> None:
    assert mavis.open(f"{BOARD}/contract/pa-advert").status == 404
    assert mavis.client.get(f"{BOARD}/contract/pa-advert.docx").status_code == 404
    assert mavis.client.get(f"{BOARD}/contract/nothing.docx").status_code == 404


def test_what_is_not_there_is_not_found(mavis: Visitor) -> None:
    assert mavis.open("/boards/nothing").status == 404
    assert mavis.open(f"{BOARD}/nothing").status == 404
    assert mavis.open("/boards/nothing/contract/pa-contract").status == 404
    assert mavis.open("/boards").status == 404


def test_a_board_and_its_documents_come_back_as_files_byte_for_byte(mavis: Visitor, tmp_path: Path) -> None:
    loading.export(tmp_path)
    for folder in ("boards", "boards/templates"):
        there = {path.name: path.read_bytes() for path in (CONTENT / folder).iterdir() if path.is_file()}
        assert {
            path.name: path.read_bytes() for path in (tmp_path / folder).iterdir() if path.is_file()
        } == there
