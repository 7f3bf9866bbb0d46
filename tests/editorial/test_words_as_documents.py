"""Synonyms and the taxonomy at the editors' desk, and what a search makes of them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.db import db
from portal.directory import indexing, words_as_documents
from portal.directory.models import Term
from portal.editorial import actions, loading, queries
from portal.editorial.kinds import Around, Finding
from portal.editorial.models import Document
from portal.errors import Refusal
from tests import make
from tests.desks import desk
from tests.editorial import writing
from tests.editorial.writing import TODAY

Run = Callable[..., Result]
KEYS = {"category": frozenset({"lunch-clubs"}), "need": frozenset({"lonely"})}
AROUND = Around("synonyms", TODAY, KEYS)


@pytest.fixture
def library(site: Flask) -> Flask:
    """The site with the library of content/ in it."""
    loading.load(site.config["CONTENT"], make.NOW)
    db.session.commit()
    return site


def document(kind: str, key: str) -> Document:
    found = queries.of_key(kind, key, None)
    assert found
    return found


def found(site: Flask, words: str) -> set[str]:
    """What the engine understands the words to ask for."""
    with site.test_request_context():
        return set(indexing.engine().thesaurus.read(words).asked)  # type: ignore[attr-defined]  # this engine's


def test_a_synonym_that_is_published_is_understood_after_the_next_job(library: Flask) -> None:
    make.saved(make.service("Shed"))
    assert "lunch-clubs" not in found(library, "grubfest")
    synonyms = document("synonyms", "synonyms")
    body = writing.newest(synonyms).body
    writing.change(synonyms, f"{body.rstrip()}\n- say: [grubfest tuesdays]\n  means: [lunch-clubs]\n")
    db.session.commit()
    indexing.take_in(make.NOW)
    assert "lunch-clubs" not in found(library, "grubfest tuesdays"), "a draft is nobody's"
    writing.publish(synonyms)
    db.session.remove()
    indexing.take_in(make.NOW)
    assert "lunch-clubs" in found(library, "grubfest tuesdays")


def test_loaded_words_are_understood_as_the_files_were(library: Flask) -> None:
    asked = ("dad wanders about at night", "cant manage the shopping", "he hits me", "lonely")
    with library.test_request_context():
        before = [indexing.engine().thesaurus.read(words) for words in asked]  # type: ignore[attr-defined]  # as above
    db.session.remove()
    indexing.rebuild()
    with library.test_request_context():
        after = [indexing.engine().thesaurus.read(words) for words in asked]  # type: ignore[attr-defined]  # as above
    assert after == before


def test_a_name_that_is_published_stands_on_the_pages_at_once_and_is_not_loaded_away(
    library: Flask,
) -> None:
    taxonomy = document("taxonomy", "taxonomy")
    body = writing.newest(taxonomy).body
    writing.change(taxonomy, body.replace("name: Lunch clubs", "name: Tables for many"))
    writing.publish(taxonomy)
    name = db.session.query(Term.name).filter(Term.key == "lunch-clubs")
    assert name.scalar() == "Tables for many"
    db.session.remove()
    done = library.test_cli_runner().invoke(args=["content", "load", str(library.config["CONTENT"])])
    assert "edited here, and left so: taxonomy" not in done.output, "the file is as it was"
    assert name.scalar() == "Tables for many"


def test_both_come_back_byte_for_byte(library: Flask, tmp_path: Path) -> None:
    db.session.remove()
    assert library.test_cli_runner().invoke(args=["content", "export", str(tmp_path)]).exit_code == 0
    content = library.config["CONTENT"] / "directory"
    files = [content / "taxonomy.yaml", *content.glob("synonyms*.yaml")]
    assert len(files) > 5
    assert [
        path.name for path in files if (tmp_path / "directory" / path.name).read_bytes() != path.read_bytes()
    ] == []


def test_an_editor_changes_a_synonym_at_the_desk_and_errors_hold_it_back(library: Flask) -> None:
    ed, _user = desk.editor(library)
    assert "Synonyms" in ed.get("/editor/documents/").text
    synonyms = document("synonyms", "synonyms-company")
    at = f"/editor/documents/{synonyms.id}"
    assert "All is well." in ed.get(at).text
    body = writing.newest(synonyms).body
    wrong = f"{body}- say: [grubfest]\n  means: [no-such-key]\n"
    assert ed.post(f"{at}/edit", {"number": "1", "text": wrong}).status_code == 303
    refused = ed.post(f"{at}/publish", {"number": "2"})
    assert (refused.status_code, "no-such-key is not in taxonomy.yaml" in refused.text) == (422, True)


def test_a_council_has_no_words_of_its_own_for_a_search_that_all_share(library: Flask) -> None:
    shared = document("taxonomy", "taxonomy")
    with pytest.raises(Refusal, match="same for all councils"):
        actions.begin(make.council(), "taxonomy", "taxonomy", "", by=writing.BY_ED, now=make.NOW)
    ed, _user = desk.editor(library)
    assert "Take a copy" not in ed.get(f"/editor/documents/{shared.id}").text
    assert ed.post(f"/editor/documents/{shared.id}/copy").status_code == 409


# The checks


def levels(findings: list[Finding]) -> list[str]:
    return [finding.level for finding in findings]


@pytest.mark.parametrize(
    "body",
    [
        "- say: [lonely\n",
        "say: lonely\n",
        "- say: [x]\n  means: [no-such-key]\n",
        "- words\n",
        "- say: lonely\n  means: 3\n",
        "- urgent: [help]\n  help: nobody\n",
    ],
)
def test_odd_synonyms_are_named_and_never_break_the_check(body: str) -> None:
    assert "error" in levels(words_as_documents.check_synonyms(body, AROUND))


def test_good_synonyms_have_no_finding() -> None:
    assert words_as_documents.check_synonyms("# Ours\n- say: [grub]\n  means: [lunch-clubs]\n", AROUND) == []


@pytest.mark.parametrize(
    ("was", "becomes", "level"),
    [
        ("needs:", "wants:", "error"),
        ("key: lunch-clubs", "key: coffee-mornings", "error"),
        ("{key: lunch-clubs, name: Lunch clubs", "{key: lunch-clubs, title: Lunch clubs", "error"),
        ("key: lunch-clubs", "key: lunching-clubs", "warning"),
        ("categories:", "categories: [", "error"),
    ],
)
def test_odd_taxonomies_are_named(library: Flask, was: str, becomes: str, level: str) -> None:
    body = writing.newest(document("taxonomy", "taxonomy")).body
    assert words_as_documents.check_taxonomy(body, AROUND) == []
    assert was in body
    assert level in levels(words_as_documents.check_taxonomy(body.replace(was, becomes, 1), AROUND))
