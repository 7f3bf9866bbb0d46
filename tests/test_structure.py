"""The shape of the project, where no linter looks: size of modules, templates, and that the docs tell the truth."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import click
import pytest
from flask import Flask
from jinja2 import Environment, nodes

from portal import jobs
from portal.config import SETTINGS

ROOT = Path(__file__).parent.parent
TEMPLATES = ROOT / "portal" / "templates"
ALL_TEMPLATES = sorted(TEMPLATES.rglob("*.html"))
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
OPERATING = ROOT / "docs" / "operating.md"
LONGEST = 400  # lines of a module; past that it wants parting, by noun
WRITTEN_BY_MACHINE = ROOT / "portal" / "migrations" / "versions"
# What every feature draws on, beside the folders that are named after a feature.
SHARED_FOLDERS = {"components", "errors"}


def name(path: Path) -> str:
    """A file as it is spoken of."""
    return str(path.relative_to(ROOT))


TAKEN_AWAY = ROOT / "portal/templates/accounts/own/file.html"
each_template = pytest.mark.parametrize("template", ALL_TEMPLATES, ids=name)


# Modules


def test_no_module_is_too_long() -> None:
    modules = [path for folder in ("portal", "tools") for path in (ROOT / folder).rglob("*.py")]
    long = {
        name(path): len(path.read_text().splitlines())
        for path in modules
        if WRITTEN_BY_MACHINE not in path.parents
    }
    assert {module: lines for module, lines in long.items() if lines > LONGEST} == {}


def test_no_module_has_a_name_that_says_nothing() -> None:
    said_nothing = {"utils", "util", "helpers", "common", "misc", "manager"}
    assert [name(path) for path in (ROOT / "portal").rglob("*.py") if path.stem in said_nothing] == []


# Templates


def test_every_template_lies_in_a_folder_of_its_feature(site: Flask) -> None:
    features = set(site.blueprints)
    folders = {path.parent.relative_to(TEMPLATES).parts for path in ALL_TEMPLATES} - {()}
    assert {folder[0] for folder in folders} <= features | SHARED_FOLDERS | {
        "accounts"
    }  # off while it is built
    assert [name(path) for path in TEMPLATES.glob("*.html")] == ["portal/templates/layout.html"]


def _environment() -> Environment:
    return Environment(autoescape=True, extensions=["jinja2.ext.do"], trim_blocks=True, lstrip_blocks=True)


# Stands for a value that is filled in.
FILLED = "\N{WHITE SQUARE}"


def markup(template: Path) -> str:
    """The HTML of a template as it is written, each filled-in value a square, and without Jinja's own statements."""
    parts = []
    for _line, kind, text in _environment().lex(template.read_text()):
        if kind == "data":
            parts.append(text)
        elif kind == "variable_begin":
            parts.append(FILLED)
    return "".join(parts)


class _Reader(HTMLParser):
    """Takes HTML apart into tags and words."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def taken_apart(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader


def inline(html: str) -> list[str]:
    """Everything that the Content-Security-Policy would not let run or show."""
    found = []
    for tag, attributes in taken_apart(html).tags:
        found += [f"<{tag} {key}>" for key in attributes if key == "style" or key.startswith(("on", "hx-on"))]
        found += [
            f"{tag} {key}={value}"
            for key, value in attributes.items()
            if re.match(r"\s*(javascript|js):", value)
        ]
        if tag == "style" or (
            tag == "script" and not attributes.get("src") and "json" not in attributes.get("type", "")
        ):
            found.append(f"<{tag}>")
    return found


@each_template
def test_no_template_has_inline_style_or_script(template: Path) -> None:
    # A file that is taken away fetches nothing: its style is in it, and no policy of the site's reaches it.
    assert inline(markup(template)) == (["<style>"] if template == TAKEN_AWAY else [])


def test_inline_style_and_script_would_be_found() -> None:
    bad = '<p style="color:red" onclick="x()"><a href="javascript:x">x</a><script>x()</script><style>p{}</style>'
    assert inline(bad + '<script src="/a.js"></script><script type="application/ld+json">{}</script>') == [
        "<p style>", "<p onclick>", "a href=javascript:x", "<script>", "<style>",
    ]  # fmt: skip
    assert inline("<button hx-on:click='x()' hx-vals='js:{a: 1}'>") == [
        "<button hx-on:click>",
        "button hx-vals=js:{a: 1}",
    ]


# Words that people read

READ = {
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "label",
    "placeholder",
    "summary",
    "title",
}
# The same in every language, each for a reason.
SAME_EVERYWHERE: dict[str, str] = {}
A_WORD = re.compile(r"[^\W\d_]{2,}")
TRANSLATES = {"_", "gettext", "ngettext"}


def untranslated(html: str) -> list[str]:
    """The words in markup that people read and no translator sees."""
    reader = taken_apart(html)
    said = [(text, text.strip()) for text in reader.words]
    for tag, attributes in reader.tags:
        said += [(value, f"{tag} {key}: {value}") for key, value in attributes.items() if key in READ]
        if tag == "meta" and attributes.get("name") == "description":
            said.append((attributes["content"], f"meta content: {attributes['content']}"))
    return [told for text, told in said if A_WORD.search(text) and text.strip() not in SAME_EVERYWHERE]


def sentences(template: str) -> Iterator[str]:
    """Strings of two words or more that a template's own expressions show, and no translator sees."""
    for output in _environment().parse(template).find_all(nodes.Output):
        for part in output.nodes:
            if not isinstance(part, nodes.TemplateData):
                yield from _sentences(part)


def _sentences(node: nodes.Node) -> Iterator[str]:
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATES:
        return
    if isinstance(node, nodes.Const):
        if isinstance(node.value, str) and re.search(r"[^\W\d_]{2,},? +[^\W\d_]{2,}", node.value):
            yield node.value
        return
    for child in node.iter_child_nodes():
        yield from _sentences(child)


@each_template
def test_all_that_people_read_in_a_template_can_be_translated(template: Path) -> None:
    assert untranslated(re.sub(r"<style>.*?</style>", "", markup(template), flags=re.S)) == []
    assert list(sentences(template.read_text())) == []


def test_words_that_cannot_be_translated_would_be_found() -> None:
    html = '<h1>Find help</h1><p>□ · 999</p><img alt="A map"><input placeholder="□"><a class="big one" title="Go">□</a>'
    assert untranslated(html + '<meta name="description" content="Clubs">') == [
        "Find help", "img alt: A map", "a title: Go", "meta content: Clubs",
    ]  # fmt: skip
    template = "{{ 'No results' if x else _('Some results') }}{{ shown('Thank you') }}"
    template += "{{ ngettext('One cat', 'Two cats', 2) }}{{ 'rtl' }}{{ url_for('directory.home') }}"
    assert list(sentences(template)) == ["No results", "Thank you"]


# The docs

NOT_TO_BE = {"portal/utils.py"}  # named as what there must never be


def in_code(page: Path) -> Iterator[str]:
    """What a page of Markdown shows as code: between backticks, in fences, and indented by four."""
    text = page.read_text()
    for fenced in re.findall(r"^```.*?\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from fenced.splitlines()
    text = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"^(?: {4}|\t)(.*)$", text, re.MULTILINE)
    yield from re.findall(r"`([^`\n]+)`", text)


def commands(group: click.Group, *before: str) -> dict[str, click.Command]:
    """Every command below a group, by its whole name: "jobs run"."""
    found: dict[str, click.Command] = {}
    for word, command in group.commands.items():
        if isinstance(command, click.Group):
            found |= commands(command, *before, word)
        else:
            found[" ".join((*before, word))] = command
    return found


def named_commands(page: Path) -> set[str]:
    """The `portal` commands that a page names, as far as they are words: "content export", "seed"."""
    lines = [re.sub(r"^.*?(?:^|[\s/])portal ", "portal ", line) for line in in_code(page)]
    said = [re.match(r"portal ((?:[a-z][a-z-]*(?: |$)){1,2})", line) for line in lines]
    return {match[1].strip() for match in said if match}


def part(page: Path, heading: str) -> str:
    """What stands below a heading, up to the next."""
    return page.read_text().split(f"\n{heading}\n")[1].split("\n#")[0]


def test_every_setting_is_in_the_docs_with_its_default_and_no_other() -> None:
    rows = re.findall(r"^\| `(PORTAL_[A-Z_]+)` \| ([^|]+) \|", part(OPERATING, "## Settings"), re.MULTILINE)
    told = {setting: default.strip().strip("`") for setting, default in rows}
    assert told == {setting.name: setting.default or "empty" for setting in SETTINGS}


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_setting_that_is_not_there(page: Path) -> None:
    assert set(re.findall(r"PORTAL_[A-Z_]+[A-Z]", page.read_text())) <= {setting.name for setting in SETTINGS}


def test_every_command_is_in_the_docs_with_all_its_options_and_no_other(site: Flask) -> None:
    known = commands(site.cli)
    rows = {}
    for line in part(OPERATING, "## Commands").splitlines():
        if line.startswith("| `portal "):
            words = line.removeprefix("| `portal ").split("`")[0].split(" ")
            rows[
                max((" ".join(words[:n]) for n in (1, 2)), key=lambda start: (start in known, len(start)))
            ] = line
    assert set(rows) == set(known)
    for command, row in rows.items():
        options = {
            o
            for p in known[command].params
            if isinstance(p, click.Option)
            for o in (*p.opts, *p.secondary_opts)
        }
        assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]*", row)) == options, command


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_command_that_is_not_there(page: Path, site: Flask) -> None:
    known = set(commands(site.cli))
    named = named_commands(page)
    assert {said for said in named if said not in known and said.split()[0] not in known} == set()


def make_targets() -> set[str]:
    """The targets of the Makefile that people type."""
    phony = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert phony
    return set(phony[1].split())


def test_every_make_target_is_in_the_docs_and_no_other() -> None:
    told = set(re.findall(r"^\| `make ([a-z-]+)` \|", part(OPERATING, "### Make targets"), re.MULTILINE))
    assert told == make_targets()


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_page_names_a_target_that_is_not_there(page: Path) -> None:
    lines = [re.sub(r"\s[A-Z]+=\S+", "", line) for line in in_code(page)]  # make PYTHON=python3.12 run
    named = {match[1] for line in lines if (match := re.match(r"make ([a-z-]+)", line))}
    assert named <= make_targets()


def test_make_help_names_what_people_type() -> None:
    told = set(re.findall(r'@echo "make ([a-z-]+) ', (ROOT / "Makefile").read_text()))
    assert told == make_targets() - {"help", "dev-assets"}


def test_every_job_is_in_the_docs_and_no_other(site: Flask) -> None:
    told = set(re.findall(r"^\| `([^`]+)` \|", part(OPERATING, "### Jobs"), re.MULTILINE))
    assert told == {job.name for job in jobs.registered(site)}


def anchors(page: Path) -> set[str]:
    """The anchors that a page's headings make."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    plain = (re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()) for heading in headings)
    return {heading.strip().replace(" ", "-") for heading in plain}


def links(page: Path) -> list[Any]:
    """(file, anchor) of every link of a page that leads into the project."""
    found = re.findall(r"\]\(([^)\s#]*)(?:#([^)\s]*))?\)", page.read_text())
    return [(path, anchor) for path, anchor in found if not path.startswith(("http:", "https:", "mailto:"))]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_somewhere(page: Path) -> None:
    lost = []
    for path, anchor in links(page):
        there = (page.parent / path).resolve() if path else page
        if not there.exists():
            lost.append(path)
        elif anchor and there.suffix == ".md" and anchor not in anchors(there):
            lost.append(f"{path}#{anchor}")
    assert lost == []


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_a_page_names_is_there(page: Path) -> None:
    named = {
        word
        for word in in_code(page)
        if re.fullmatch(r"(?:portal|tests|tools|content|docs)/[\w./-]+\.\w+", word)
    }
    assert {path for path in named if not (ROOT / path).exists()} <= NOT_TO_BE


def test_every_decision_has_a_number_of_its_own() -> None:
    numbers = [path.name[:4] for path in sorted((ROOT / "docs" / "decisions").glob("*.md"))]
    assert numbers == [f"{number:04d}" for number in range(1, len(numbers) + 1)]


def test_the_docs_have_what_is_said_of_them() -> None:
    for page in (
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "docs/architecture.md",
        "docs/operating.md",
        "docs/editors.md",
    ):
        assert (ROOT / page).is_file(), page
