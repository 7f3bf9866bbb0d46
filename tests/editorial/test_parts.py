"""Parts of a shared document, and values of YAML that change without a letter beside them."""

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from portal.editorial import parts

LOCAL = """# Ours. – comments stay
id: everyday
local:
  phone: Ring the library  # who answers
  hours: "Say your “hours”" # must-edit
  words: |
    Two
    lines
pages: [1, 2]
"""


def test_the_values_below_local_are_the_parts_of_yaml() -> None:
    found = parts.of(LOCAL, ".yaml")
    assert [(part.id, part.must_edit) for part in found] == [
        ("phone", False),
        ("hours", True),
        ("words", False),
    ]
    assert found[1].words == "Say your “hours”"


def test_own_words_take_the_place_of_a_value_and_the_rest_stays_as_it_is() -> None:
    laid = parts.laid_over(LOCAL, ".yaml", {"phone": 'Ring "Fern": now', "words": "One line"})
    read = yaml.safe_load(laid)
    assert read["local"] == {"phone": 'Ring "Fern": now', "hours": "", "words": "One line"}
    assert read["pages"] == [1, 2]
    assert "# who answers" in laid
    assert laid.startswith("# Ours. – comments stay\n")


@given(st.dictionaries(st.sampled_from(["phone", "hours", "words"]), st.text(max_size=40)))
def test_whatever_a_council_writes_is_what_is_read(own: dict[str, str]) -> None:
    laid = parts.laid_over(LOCAL, ".yaml", own)
    read = json.loads(json.dumps(yaml.safe_load(laid)))["local"]
    assert {key: read[key] for key in own} == own


@pytest.mark.parametrize(
    "text", ["local: [1, 2\n", "local: words\n", "", "- a\n- b\n", "local:\n  deep: {a: 1}\n"]
)
def test_text_without_parts_stays_as_it_is(text: str) -> None:
    assert parts.of(text, ".yaml") == []
    assert parts.laid_over(text, ".yaml", {"phone": "x"}) == text


def test_a_part_of_markdown_may_hold_a_block_of_its_own() -> None:
    text = "````part ring\n```contact\nRing.\n```\n````\nAfter.\n"
    assert parts.of(text, ".md") == [parts.Part("ring", "```contact\nRing.\n```")]
    assert parts.laid_over(text, ".md", {}) == "```contact\nRing.\n```\nAfter.\n"
    assert parts.laid_over(text, ".md", {"ring": "Ours"}) == "Ours\nAfter.\n"


def test_what_was_written_over_parts_is_kept_and_read_back() -> None:
    own = {"b": "Two\nlines", "a": "“Quoted”"}
    assert parts.read_own(parts.write_own(own)) == own
    assert parts.read_own("") == {}


def test_a_value_changes_and_comments_and_quotes_beside_it_do_not() -> None:
    front = 'id: warm # never changes\ntitle: "Old – title"\nreview: {last: 2026-11-20, next: 2027-05-01}\n'
    changed = parts.with_values(front, {("title",): '"New"', ("review", "next"): "2027-04-01"})
    assert changed == front.replace('"Old – title"', '"New"').replace("2027-05-01", "2027-04-01")
    assert parts.with_values(front, {("short",): '"Both."'}) == front + 'short: "Both."\n'
