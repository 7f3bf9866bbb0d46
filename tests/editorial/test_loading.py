"""The library from files and back: byte for byte, once, and without touching what editors wrote here."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from portal.db import db
from portal.editorial import loading, queries
from tests import make
from tests.editorial import writing
from tests.editorial.writing import article

Run = Callable[..., Result]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of content with two articles and a page."""
    for name, body in {
        "articles/keeping-warm.md": article(),
        "articles/odd.md": article("odd", "Windows lines.\r\n\r\nNo end").replace(
            "id: odd", "id: odd # never changes"
        ),
        "pages/about.md": "---\nid: about\ntitle: About us\nsummary: Who we are.\n---\nWe are here.\n",
    }.items():
        path = tmp_path / "content" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body.encode())
    return tmp_path / "content"


@pytest.fixture
def run(site: Flask) -> Run:
    """Runs a command of the site."""
    db.session.remove()
    return lambda *args: site.test_cli_runner().invoke(args=[str(arg) for arg in args])


def load(folder: Path, minutes: int = 0) -> list[str]:
    done = loading.load(folder, make.NOW + dt.timedelta(minutes=minutes))
    db.session.commit()
    return done


def number(key: str, kind: str = "article") -> int:
    document = queries.of_key(kind, key, None)
    assert document
    return writing.newest(document).number


def test_files_are_published_and_come_back_byte_for_byte(
    each_site: Flask, folder: Path, tmp_path: Path
) -> None:
    assert load(folder) == [
        "article: 2 new, 0 changed, 0 as they were",
        "page: 1 new, 0 changed, 0 as they were",
    ]
    assert queries.published(make.council(), "page", "about")
    assert loading.export(tmp_path / "out") == ["article: 2 files", "page: 1 files"]
    for path in folder.rglob("*.md"):
        assert (tmp_path / "out" / path.relative_to(folder)).read_bytes() == path.read_bytes()


def test_the_starter_library_comes_back_byte_for_byte(site: Flask, tmp_path: Path) -> None:
    content = site.config["CONTENT"]
    load(content)
    loading.export(tmp_path)
    articles = sorted((content / "articles").glob("*.md"))
    assert len(articles) >= 40
    assert [(tmp_path / "articles" / path.name).read_bytes() == path.read_bytes() for path in articles] == [
        True
    ] * len(articles)


def test_loading_again_makes_versions_only_of_files_that_changed(each_site: Flask, folder: Path) -> None:
    load(folder)
    (folder / "articles/keeping-warm.md").write_text(article(text="Two hats.\n"))
    assert load(folder, 1)[0] == "article: 0 new, 1 changed, 1 as they were"
    assert (number("keeping-warm"), number("odd")) == (2, 1)
    found = queries.published(make.council(), "article", "keeping-warm")
    assert found
    assert "Two hats" in found.body
    assert load(folder, 2)[0] == "article: 0 new, 0 changed, 2 as they were"


def test_what_editors_changed_here_is_left_and_said(each_site: Flask, folder: Path) -> None:
    load(folder)
    document = queries.of_key("article", "keeping-warm", None)
    assert document
    writing.change(document, article(text="Ours.\n"))
    assert load(folder, 1)[0] == "article: 0 new, 0 changed, 2 as they were", "the file is as it was"
    (folder / "articles/keeping-warm.md").write_text(article(text="Theirs.\n"))
    done = load(folder, 2)
    assert done[0] == "article: 0 new, 0 changed, 1 as they were; edited here, and left so: keeping-warm"
    assert "Ours." in writing.newest(document).body


def test_the_commands_load_and_export_the_library_too(run: Run, site: Flask, tmp_path: Path) -> None:
    done = run("content", "load", site.config["CONTENT"])
    assert done.exit_code == 0, done.output
    assert "article: 59 new, 0 changed, 0 as they were" in done.output
    assert run("content", "export", tmp_path).output.splitlines()[-1].endswith(" files")


def test_the_seed_loads_the_library_for_who_has_an_older_site(run: Run, site: Flask) -> None:
    assert loading.is_empty()
    db.session.remove()
    assert run("seed", "--today", "2026-11-23").exit_code == 0
    assert not loading.is_empty()
    assert queries.published(make.council(), "article", "preventing-falls")


# The linter


def test_each_problem_of_a_file_is_said_with_its_line_and_what_to_do(
    run: Run, site: Flask, tmp_path: Path
) -> None:
    shutil.copytree(site.config["CONTENT"] / "directory", tmp_path / "directory")
    (tmp_path / "articles").mkdir()
    body = article("warm", "# Big\n\n[x](article:nowhere)\n", needs="no-such-need")
    (tmp_path / "articles" / "warm.md").write_text(body)
    (tmp_path / "articles" / "bytes.md").write_bytes(b"---\nid: \xff\n")
    done = run("content", "lint", tmp_path)
    assert done.exit_code == 1
    for line in (
        "warm.md, heading, line 19: only the title is of the first level; write ## instead",
        "warm.md, link, line 21: there is no article nowhere; link to one that there is",
        "warm.md, related: there is no need no-such-need; use one that there is",
        "bytes.md: it is not UTF-8; save it as UTF-8",
        "4 problems.",
    ):
        assert line in done.output.splitlines(), done.output
