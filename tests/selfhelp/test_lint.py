"""The linter as editors meet it: lines, kindness, several things at a time, and whatever is typed, an answer."""

import datetime as dt
import io
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from portal.selfhelp.conversation import Unreadable
from portal.selfhelp.lint import Around, lint, lint_folder
from portal.selfhelp.lint.shape import plain
from portal.selfhelp.proving import verdicts
from portal.selfhelp.reading import read, tree
from tests.selfhelp.generated import large
from tests.selfhelp.small import SMALL, TODAY, changed, found_in

CONTENT = Path(__file__).parents[2] / "content"


def line_of(words: str, text: str = SMALL) -> int:
    """The line on which words stand."""
    return 1 + next(at for at, line in enumerate(text.splitlines()) if words in line)


# What cannot be read


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "begins with"),
        ("- a\n- b\n", "begins with"),
        ("just words", "begins with"),
        ("id: [tea", "but got"),
        ("id: tea\nid: coffee\n", "duplicate key"),
        ("review: {last: 2026-13-01}\n", "month"),
        ("pages: *nowhere\n", "undefined alias"),
        ("id: \x07\n", "special characters"),
    ],
)
def test_what_cannot_be_read_is_one_error_in_words(text: str, words: str) -> None:
    found = found_in(text)
    assert {finding.level for finding in found} == {"error"}
    assert any(words in finding.words for finding in found)
    with pytest.raises(Unreadable):
        read(text)


def test_a_slip_of_the_pen_is_found_by_its_line() -> None:
    text = changed("    ask: Do you like tea?\n", "    ask: Do you: like tea?\n")
    (finding,) = found_in(text)
    assert finding.name == "unreadable"
    assert finding.line == line_of("Do you: like tea?", text)


@pytest.mark.parametrize(
    ("typed", "todo"),
    [
        ("    ask: How: do you?\n", "put it into quotes"),
        ("\task: How?\n", "use spaces"),
        ("    ask: *How do you?\n", "put it into quotes"),
        ("   ask: How do you?\n", "indented"),
        ("    ask: How?\n    ask: Who?\n", "twice"),
        ("    ask: {How\n", "not closed"),
        ("    ask: - x\n", "Compare it"),
    ],
)
def test_a_slip_of_the_pen_comes_with_what_to_do(typed: str, todo: str) -> None:
    (finding,) = found_in(changed("    ask: How do you find the kettle?\n", typed))
    assert finding.name == "unreadable"
    assert todo in finding.todo
    assert abs((finding.line or 0) - line_of("    ask_about: How does {name} find the kettle?")) <= 1


def test_a_file_that_grows_without_end_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 12)]
    (finding,) = found_in("\n".join(lines))
    assert "far longer than a conversation" in finding.words


@pytest.mark.parametrize("condition", ["not: [{q: now, in: [none]}, {q: now, in: [burnt]}]", "not: []"])
def test_not_takes_one_condition(condition: str) -> None:
    with pytest.raises(Unreadable, match="takes one condition"):
        read(changed("{q: drinks, in: [loves]}", f"{{{condition}}}"))


# Where, and what else


@pytest.mark.parametrize(
    ("old", "new", "on_line_of"),
    [
        ("{q: drinks, in: [coffee]}", "{q: drinks, in: [cofee]}", "  when:\n"),
        ("label: Family,", "label: Friends,", "label: Friends, strength: true}\n    - {id: nobody"),
        ("title: A conversation about tea", "title: Tea, a score", "title: Tea, a score"),
        ("next: 2027-05-01", "next: 2028-05-01", "next: 2028-05-01"),
        ("never: [burn-now, lid-help]", "never: [kettle-help]", "never: [kettle-help]"),
        ("id: choking", "id: Choking", "id: Choking"),
    ],
)
def test_the_line_is_the_one_to_look_at(old: str, new: str, on_line_of: str) -> None:
    text = changed(old, new)
    (finding,) = [finding for finding in found_in(text) if finding.level != "advice"]
    lines = {text[:at].count("\n") + 1 for at in range(len(text)) if text.startswith(on_line_of, at)}
    assert finding.line in lines


def test_several_faults_are_said_at_once_errors_first() -> None:
    text = changed("minutes: 3", "minutes: 1")
    text = changed("label: Family,", "label: Friends,", text)
    text = changed("    easy_read: {text: Who comes to tea?, picture: friends}\n", "", text)
    text = changed("  text: A grip helps with lids and jars.\n", "", text)
    found = [(finding.level, finding.name) for finding in found_in(text)]
    assert found == [
        ("error", "same-label"),
        ("warning", "too-long"),
        ("warning", "no-text"),
        ("advice", "no-easy-read"),
    ]


def test_a_fault_of_shape_does_not_hide_the_others() -> None:
    text = changed("summary: ", "sumary: ", changed("label: Family,", "label: Friends,"))
    assert {finding.name for finding in found_in(text)} == {"unknown-part", "same-label"}


def test_what_is_missing_in_one_place_is_said_once() -> None:
    (finding,) = found_in("id: tea-time\n")
    assert finding.words.startswith("“version”, “title”, “audience”")


def test_a_finding_reads_as_a_sentence() -> None:
    text = changed("[jar-opener]", "[jar]")
    (finding,) = found_in(text)
    line = line_of("[jar]", text)
    assert str(finding) == (
        f"Recommendation lid-help › what is shown, line {line}: There is no equipment jar. Use one that there is."
    )


def test_long_sentences_are_advice() -> None:
    long = "Tea is good " + "and warm " * 13 + "to drink."
    (finding,) = found_in(changed("A stand tips the kettle for you.", long))
    assert (finding.level, finding.name) == ("advice", "long-sentence")
    assert "31 words" in finding.words


def test_a_conversation_of_words_alone_is_a_dead_end() -> None:
    text = SMALL[: SMALL.index("  - id: now")] + "recommend: []\notherwise: {article: living-well}\n"
    names = {finding.name for finding in found_in(text) if finding.level == "error"}
    assert names == {"dead-end"}


def test_without_anybody_else_no_wording_about_them_is_missed() -> None:
    text = changed("[me, someone-else, with-navigator]", "[me]")
    assert found_in(changed("    ask_about: Who drinks it with {name}?\n", "", text)) == []


def test_where_no_answer_is_a_strength_nothing_good_can_be_said_back() -> None:
    found = found_in(SMALL.replace(", strength: true", ""))
    assert [finding.name for finding in found] == ["no-strength"]


def test_among_the_examples_somebody_skips_a_question() -> None:
    text = SMALL[: SMALL.index("- name: Derek")]
    names = [finding.name for finding in found_in(text)]
    assert sorted(set(names)) == ["no-example", "nobody-skips"]


def test_what_everybody_gets_whatever_they_say_is_advice() -> None:
    (finding,) = found_in(
        changed("{q: now, in: [burnt]}\n", "{any: [{q: now, in: [burnt]}, {not: {q: now, in: [burnt]}}]}\n")
        .replace("never: [burn-now, lid-help]", "never: [lid-help]")
        .replace('because: "You said that this is happening now', 'because: "Be careful. You said')
    )
    assert (finding.level, finding.name) == ("advice", "always-recommended")


def test_help_that_says_you_is_worded_for_others_too() -> None:
    (finding,) = found_in(changed("    type: postcode\n", "    type: postcode\n    help: Yours will do.\n"))
    assert (finding.level, finding.name) == ("advice", "help-about-you")


def test_an_urgent_question_far_back_is_hidden() -> None:
    filler = "".join(
        f"  - {{id: filler-{at}, type: text, ask: Milk {at}?, ask_about: Milk {at}?}}\n" for at in range(21)
    )
    start, end = SMALL.index("  - id: now"), SMALL.index("- id: tea\n")
    now = SMALL[start:end]
    text = SMALL.replace(now, "").replace("recommend:\n", filler + now + "recommend:\n")
    text = text.replace("minutes: 3", "minutes: 9")
    assert "urgent-hidden" in {finding.name for finding in found_in(text)}


def test_ids_of_the_public_text_are_kept() -> None:
    for old, new, was in [
        ("  - id: kettle\n", "  - id: boiler\n", "kettle"),
        ("- {id: fine, label: No trouble", "- {id: good, label: No trouble", "fine"),
    ]:
        text = changed(old, new).replace("{q: kettle,", f"{{q: {'boiler' if was == 'kettle' else 'kettle'},")
        text = (
            text.replace("kettle.label", "boiler.label").replace("kettle: ", "boiler: ")
            if was == "kettle"
            else text
        )
        found = [finding for finding in found_in(text, SMALL) if finding.level == "error"]
        assert [finding.name for finding in found] == ["id-changed"], found
        assert f"was {was}" in found[0].words


def test_a_question_that_is_new_or_gone_is_no_changed_id() -> None:
    more = changed(
        "  - id: postcode\n", "  - {id: milk, type: text, ask: Milk?, ask_about: Milk?}\n  - id: postcode\n"
    )
    for text, before in ((more, SMALL), (SMALL, more)):
        assert [finding for finding in found_in(text, before) if finding.level == "error"] == []


def test_what_is_not_known_around_is_not_objected_to() -> None:
    bare = Around("", TODAY, {})
    assert lint(changed("[jar-opener]", "[jar]"), bare) == []


@pytest.mark.parametrize(
    ("words", "is_meant"),
    [
        ("Ask the council for a needs assessment.", True),
        ("You can have a carer's assessment.", True),
        ("A young carer’s assessment is free.", True),
        ("The council may assess what you need.", True),
        ("This assessment takes ten minutes.", False),
        ("This assessment by the council is short.", False),
        ("Your score is 7.", False),
        ("We assess your answers.", False),
        ("See whether you are eligible.", False),
    ],
)
def test_the_councils_assessment_may_be_named_and_ours_is_none(words: str, is_meant: bool) -> None:
    names = [finding.name for finding in found_in(changed("A stand tips the kettle for you.", words))]
    assert names == ([] if is_meant else ["called-assessment"])


def test_too_many_ways_are_said_and_are_no_error() -> None:
    topics = ", ".join(f"{{id: t{at}, label: T {at}, strength: true}}" for at in range(30))
    asked = "\n".join(
        f"  - {{id: q{at}, type: text, ask: Say?, show_if: {{q: topics, in: [t{at}]}}}}" for at in range(30)
    )
    text = large(2)
    start = text.index("  - {id: topics")
    text = f"{text[:start]}  - {{id: topics, type: many, ask: What?, options: [{topics}]}}\n{asked}\nrecommend: []\n"
    found = [finding for finding in lint(text, Around("long", TODAY)) if finding.level != "advice"]
    assert {finding.name for finding in found} == {"not-proved", "nothing-shown", "nobody-skips"}
    assert "how long the longest way is" in next(one.words for one in found if one.name == "not-proved")


def test_verdicts_say_for_whom_a_condition_holds() -> None:
    made = read(SMALL)
    conditions = [rule.when for rule in made.rules]
    assert verdicts(made, conditions) == ["sometimes"] * 4
    assert verdicts(made, conditions, steps=0) == ["unknown"] * 4


# Whatever is typed


def places(node: Any) -> list[tuple[Any, Any]]:
    """Each (part, key) of a tree."""
    rows = (
        list(node.items())
        if isinstance(node, dict)
        else list(enumerate(node))
        if isinstance(node, list)
        else []
    )
    return [
        *((node, key) for key, _child in rows),
        *(place for _key, child in rows for place in places(child)),
    ]


STRANGE: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 0, -1, 7.5, True, [], ["x"], [[]], {}, {"q": "now"}, {"x": 1}, "a: b", "{name}"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(0, 10_000), STRANGE, st.booleans())
def test_whatever_stands_anywhere_there_is_an_answer_and_no_crash(
    at: int, strange: Any, is_gone: bool
) -> None:
    row = plain(tree(SMALL))
    where = places(row)
    node, key = where[at % len(where)]
    if is_gone:
        del node[key]
    else:
        node[key] = strange
    out = io.StringIO()
    YAML(typ="safe").dump(row, out)
    try:
        read(out.getvalue())
    except Unreadable:
        assert any(finding.level == "error" for finding in found_in(out.getvalue()))
    else:
        found_in(out.getvalue())


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, len(SMALL)),
    st.integers(0, 60),
    st.sampled_from(["", "x", ":", "{", "]", '"', "\n", "- ", "\t", "&a ", "\0"]),
)
@example(0, 0, "%")
def test_wherever_somebody_types_or_deletes_there_is_an_answer(at: int, gone: int, typed: str) -> None:
    for finding in found_in(SMALL[:at] + typed + SMALL[at + gone :]):
        assert finding.words


# A folder, and the command


def test_every_error_of_a_folder_is_a_line_with_its_file(tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    file = tmp_path / "content" / "conversations" / "everyday-life.yaml"
    file.write_text(
        changed(
            'article: urgent-help}\n  because: "You said',
            'article: urgent}\n  because: "You said',
            file.read_text(),
        )
    )
    (file.parent / "broken.yaml").write_bytes(b"id: \xff\n")
    found = lint_folder(tmp_path / "content", TODAY)
    assert len(found) == 2
    assert found[0].startswith("broken.yaml: ")
    assert "everyday-life.yaml, Recommendation ill-now › what is shown, line " in found[1]
    assert "There is no article urgent." in found[1]


def test_a_review_that_is_due_holds_nothing_up() -> None:
    assert lint_folder(CONTENT, dt.date(2029, 1, 1)) == []


def test_a_folder_without_conversations_has_no_fault(tmp_path: Path) -> None:
    assert lint_folder(tmp_path, TODAY) == []


def test_the_command_says_what_is_wrong_with_conversations(site: Flask, tmp_path: Path) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    file = tmp_path / "content" / "conversations" / "low-or-lonely.yaml"
    file.write_text(file.read_text().replace("id: low-or-lonely\n", "id: lonely\n", 1))
    done = site.test_cli_runner().invoke(args=["content", "lint", str(tmp_path / "content")])
    assert done.exit_code == 1
    assert "The id is lonely, and was low-or-lonely." in done.output
