"""Faults, seeded one by one into a conversation that has none: the linter names each, says where, and nothing else."""

from dataclasses import dataclass

import pytest

from tests.selfhelp.small import SMALL, changed, found_in


@dataclass(frozen=True)
class Mutant:
    """A fault: what is changed, the check that must say so, and words of the place and of what is wrong."""

    fault: str
    old: str
    new: str
    name: str
    where: str
    says: str


KETTLE_ASK = "How do you find the kettle?"
COMPANY = "  - id: company\n    type: many\n"
MUTANTS = [
    Mutant(
        "a missing part", "    type: postcode\n", "", "missing-part", "question postcode", "“type” is missing"
    ),
    Mutant("a misspelt part", "summary: ", "sumary: ", "unknown-part", "The conversation", "“sumary”"),
    Mutant(
        "a comma without quotes",
        "label: Choking}",
        "label: Choking, badly}",
        "unknown-part",
        "choking",
        "“badly”",
    ),
    Mutant(
        "an unknown type", "type: postcode", "type: address", "not-a-choice", "question postcode", "“address”"
    ),
    Mutant("an id with a capital", "id: choking", "id: Choking", "bad-id", "question now", "“Choking”"),
    Mutant("words for a number", "minutes: 3", "minutes: three", "wrong-shape", "Minutes", "a whole number"),
    Mutant("an empty text", "title: Making tea", 'title: ""', "empty-words", "title", "Nothing is written"),
    Mutant(
        "a condition of two kinds",
        "{q: drinks, in: [loves]}",
        "{q: drinks, in: [loves], not: {q: now, in: [none]}}",
        "mixed-condition",
        "question kettle",
        "one thing",
    ),
    Mutant(
        "a condition without answers",
        "{q: drinks, in: [loves]}",
        "{q: drinks}",
        "empty-in",
        "question kettle",
        "No answer to drinks",
    ),
    Mutant("too many minutes", "minutes: 3", "minutes: 300", "out-of-range", "Minutes", "300"),
    Mutant(
        "an address that is none",
        "https://www.nhs.uk/burns",
        "www.nhs.uk/burns",
        "bad-address",
        "burn-now",
        "web address",
    ),
    Mutant(
        "the same article twice",
        "[eating-well]",
        "[eating-well, eating-well]",
        "twice",
        "kettle-help",
        "stands here twice",
    ),
    Mutant("an empty list of what is shown", "[eating-well]", "[]", "too-few", "kettle-help", "at least one"),
    # Ids
    Mutant("another id", "id: tea-time", "id: coffee-time", "id-changed", "Id", "was tea-time"),
    Mutant(
        "a question's id twice",
        "- id: postcode",
        "- id: hello",
        "id-twice",
        "question hello",
        "stands twice",
    ),
    Mutant("a page's id twice", "- id: tea\n", "- id: start\n", "id-twice", "Making tea", "stands twice"),
    Mutant("an answer's id twice", "id: choking", "id: burnt", "id-twice", "answer burnt", "stands twice"),
    Mutant(
        "a recommendation's id twice",
        "- id: lid-help",
        "- id: kettle-help",
        "id-twice",
        "Recommendation",
        "stands twice",
    ),
    # Types
    Mutant(
        "one answer to choose",
        "type: postcode\n",
        "type: one\n    options: [{id: a, label: A}]\n",
        "too-few-answers",
        "postcode",
        "fewer than 2",
    ),
    Mutant(
        "answers to a typed question",
        "type: postcode\n",
        "type: postcode\n    options: [{id: a, label: A}]\n",
        "answers-of-no-use",
        "postcode",
        "no answers to choose",
    ),
    Mutant(
        "limits of a choice",
        COMPANY,
        COMPANY + "    least: 1\n",
        "limits-of-no-use",
        "company",
        "Only a number",
    ),
    Mutant(
        "limits crossed",
        "type: postcode\n",
        "type: number\n    least: 9\n    most: 1\n",
        "limits-crossed",
        "postcode",
        "more than the most",
    ),
    # Conditions
    Mutant(
        "a later question",
        "{q: drinks, in: [loves]}",
        "{q: company, in: [nobody]}",
        "later-question",
        "question kettle › shown if",
        "company",
    ),
    Mutant(
        "itself",
        "{q: drinks, in: [loves]}",
        "{q: kettle, in: [fine]}",
        "later-question",
        "question kettle › shown if",
        "not asked before",
    ),
    Mutant(
        "an unknown question",
        "{q: drinks, in: [coffee]}",
        "{q: drink, in: [coffee]}",
        "unknown-question",
        "tea-together › when",
        "no question drink",
    ),
    Mutant(
        "an unknown answer",
        "{q: drinks, in: [coffee]}",
        "{q: drinks, in: [cofee]}",
        "unknown-answer",
        "tea-together › when",
        "no answer cofee",
    ),
    Mutant(
        "no answer named",
        "{q: drinks, in: [coffee]}",
        "{q: drinks, in: []}",
        "empty-in",
        "tea-together › when",
        "No answer to drinks",
    ),
    Mutant(
        "a typed question looked at",
        "{q: drinks, in: [coffee]}",
        "{q: postcode, in: [m33]}",
        "nothing-to-choose",
        "tea-together › when",
        "postcode",
    ),
    Mutant(
        "nothing under any",
        "any: [{q: company, in: [nobody]}, {q: drinks, in: [coffee]}]",
        "any: []",
        "empty-condition",
        "tea-together › when",
        "Nothing stands under any",
    ),
    # Ways
    Mutant(
        "an unreachable question",
        COMPANY,
        COMPANY + "    show_if: {all: [{q: drinks, in: [loves]}, {q: drinks, in: [coffee]}]}\n",
        "never-asked",
        "question company › shown if",
        "Nobody is ever asked",
    ),
    Mutant(
        "a question for everybody after all",
        COMPANY,
        COMPANY + "    show_if: {not: {all: [{q: drinks, in: [loves]}, {q: drinks, in: [coffee]}]}}\n",
        "always-asked",
        "question company › shown if",
        "Everybody is asked",
    ),
    Mutant(
        "an impossible recommendation",
        "{not: {q: now, in: [burnt]}}",
        "{not: {q: drinks, in: [loves]}}",
        "never-recommended",
        "lid-help › when",
        "No answers lead",
    ),
    Mutant(
        "an empty result",
        "otherwise: {article: living-well}\n",
        "",
        "nothing-shown",
        "",
        "who skips every question",
    ),
    Mutant(
        "a long conversation in a minute", "minutes: 3", "minutes: 1", "too-long", "Minutes", "5 questions"
    ),
    # What is shown
    Mutant(
        "nothing to show",
        "  show: {article: urgent-help}\n",
        "",
        "shows-nothing",
        "burn-now",
        "shows nothing",
    ),
    Mutant(
        "an article that is not there",
        "[eating-well]",
        "[eating-wel]",
        "dangling",
        "kettle-help › what is shown",
        "no article eating-wel",
    ),
    Mutant(
        "equipment that is not there",
        "[jar-opener]",
        "[jar]",
        "dangling",
        "lid-help › what is shown",
        "no equipment jar",
    ),
    Mutant(
        "a conversation that is not there",
        "conversation: low-or-lonely",
        "conversation: low",
        "dangling",
        "tea-together",
        "no conversation low",
    ),
    Mutant(
        "a category that is not there",
        "category: lunch-clubs",
        "category: lunch",
        "dangling",
        "tea-together",
        "no category lunch",
    ),
    Mutant(
        "a need that is not there", "{need: company}", "{need: tea}", "dangling", "lid-help", "no need tea"
    ),
    Mutant("a search by nothing", "{need: company}", "{town: sale}", "unknown-search", "lid-help", "by town"),
    Mutant(
        "a conversation that leads to itself",
        "conversation: low-or-lonely",
        "conversation: tea-time",
        "leads-to-itself",
        "tea-together",
        "again",
    ),
    # Reasons
    Mutant(
        "a reason without an answer",
        "this is happening now: “{now.label}”.",
        "it happens.",
        "reason-without-answer",
        "burn-now › reason",
        "what the person said",
    ),
    Mutant(
        "a slot of no question",
        "{now.label}",
        "{then.label}",
        "unknown-slot",
        "burn-now › reason",
        "no question then",
    ),
    Mutant(
        "a slot of another question",
        "{now.label}",
        "{drinks.label}",
        "slot-elsewhere",
        "burn-now › reason",
        "does not depend on drinks",
    ),
    Mutant(
        "a slot that is none",
        "“{now.label}”.",
        "“{now.label}” {now}.",
        "unknown-slot",
        "burn-now › reason",
        "{now}",
    ),
    Mutant(
        "a reason that is left empty",
        " About tea, you said: “{drinks.label}”.",
        "",
        "reason-may-be-empty",
        "tea-together › reason",
        "no reason is left",
    ),
    # Words
    Mutant(
        "no wording about others",
        "    ask_about: Who drinks it with {name}?\n",
        "",
        "no-ask-about",
        "question company",
        "missing",
    ),
    Mutant(
        "others without a name",
        "Who drinks it with {name}?",
        "Who drinks it?",
        "about-nobody",
        "question company",
        "does not say who",
    ),
    Mutant(
        "a name in a question to you",
        KETTLE_ASK,
        "How does {name} find the kettle?",
        "name-of-you",
        "question kettle",
        "{name}",
    ),
    Mutant(
        "a misspelt name",
        "Does {name} like tea?",
        "Does {nam} like tea, {name}?",
        "unknown-slot",
        "question drinks",
        "{nam}",
    ),
    Mutant(
        "a name in an answer",
        "label: Family,",
        'label: "The family of {name}",',
        "name-of-you",
        "answer family",
        "not filled in",
    ),
    Mutant(
        "two answers alike", "label: Family,", "label: friends.,", "same-label", "answer family", "“friends”"
    ),
    Mutant(
        "an exclusive answer of one",
        "label: Coffee for choice",
        "label: Coffee for choice, exclusive: true",
        "exclusive-of-no-use",
        "answer coffee",
        "Only one",
    ),
    Mutant(
        "something sensitive",
        KETTLE_ASK,
        "How do you find the kettle since you were in pain?",
        "not-sensitive",
        "question kettle",
        "“pain”",
    ),
    Mutant(
        "called an assessment",
        "title: A conversation about tea",
        "title: Your tea assessment",
        "called-assessment",
        "Title",
        "“assessment”",
    ),
    Mutant(
        "called eligible",
        "A lunch club has a pot on.",
        "See what you are eligible for.",
        "called-assessment",
        "tea-together › text",
        "“eligible”",
    ),
    Mutant(
        "called a score",
        "What would make tea time easier.",
        "Find your score.",
        "called-assessment",
        "Summary",
        "score",
    ),
    # Urgent
    Mutant(
        "urgent and silent",
        "  text: Hold the burn under cool water for 20 minutes. Ring 999 if it is large.\n",
        "",
        "urgent-without-text",
        "burn-now",
        "what to do",
    ),
    Mutant(
        "silent", "  text: A grip helps with lids and jars.\n", "", "no-text", "lid-help", "what may help"
    ),
    Mutant(
        "urgent behind others",
        "- id: lid-help\n",
        "- id: lid-help\n  priority: always-first\n",
        "urgent-order",
        "lid-help",
        "stands after",
    ),
    # Dates
    Mutant(
        "no review",
        "review: {last: 2026-11-01, next: 2027-05-01}",
        "review: {last: 2026-11-01}",
        "no-review",
        "Review",
        "will be reviewed",
    ),
    Mutant(
        "a review that was due",
        "{last: 2026-11-01, next: 2027-05-01}",
        "{last: 2026-05-01, next: 2026-11-25}",
        "review-due",
        "Review",
        "was due",
    ),
    Mutant(
        "a review too far away",
        "next: 2027-05-01",
        "next: 2027-11-03",
        "review-too-far",
        "Review",
        "12 months",
    ),
    Mutant(
        "reviews the wrong way about",
        "next: 2027-05-01",
        "next: 2026-10-01",
        "review-backwards",
        "Review",
        "past",
    ),
    Mutant(
        "a review to come",
        "last: 2026-11-01",
        "last: 2026-12-01",
        "review-to-come",
        "Review",
        "still to come",
    ),
    Mutant(
        "a day that is none", "next: 2027-05-01", 'next: "2027-02-30"', "bad-date", "Review", "“2027-02-30”"
    ),
    Mutant(
        "no source", 'source: "NHS: Loneliness", ', "", "no-source", "tea-together › evidence", "rests on"
    ),
    Mutant(
        "a source that nobody opened",
        '"NHS: Loneliness", checked: 2026-11-01',
        '"NHS: Loneliness"',
        "not-checked",
        "tea-together › evidence",
        "opened",
    ),
    Mutant(
        "an old source",
        '"NHS: Loneliness", checked: 2026-11-01',
        '"NHS: Loneliness", checked: 2025-11-01',
        "old-evidence",
        "tea-together › evidence",
        "12 months",
    ),
    Mutant(
        "a source opened tomorrow",
        '"NHS: Loneliness", checked: 2026-11-01',
        '"NHS: Loneliness", checked: 2026-11-27',
        "checked-to-come",
        "tea-together › evidence",
        "to come",
    ),
    # Examples
    Mutant(
        "an example of no question",
        "postcode: M33 7ZF",
        "post: M33 7ZF",
        "example-of-no-question",
        "Example “Mavis”",
        "no question post",
    ),
    Mutant(
        "an example of no answer",
        "company: [nobody], ",
        "company: [nobody, cats], ",
        "example-of-no-answer",
        "Example “Mavis”",
        "no answer cats",
    ),
    Mutant(
        "an example of two answers",
        "{drinks: loves, kettle: lid}",
        "{drinks: loves, kettle: [lid, fine]}",
        "example-of-several",
        "Example “Derek”",
        "one answer",
    ),
    Mutant(
        "an example that is not asked",
        "{now: [burnt]}",
        "{now: [burnt], kettle: fine}",
        "example-not-asked",
        "Example “Asha”",
        "is not asked",
    ),
    Mutant(
        "an expectation not met",
        "expect: [burn-now]",
        "expect: [burn-now, lid-help]",
        "not-as-expected",
        "Example “Asha”",
        "lid-help",
    ),
    Mutant(
        "a never that comes",
        "  never: [tea-together]",
        "  never: [lid-help]",
        "never-and-yet",
        "Example “Derek”",
        "lid-help",
    ),
    Mutant(
        "an expectation of nothing",
        "  never: [tea-together]",
        "  never: [tea]",
        "example-of-no-rule",
        "Example “Derek”",
        "no recommendation tea",
    ),
    Mutant(
        "a recommendation without example",
        "{now: [burnt]}\n  expect: [burn-now]",
        "{now: [none]}",
        "no-example",
        "Recommendation burn-now",
        "No example",
    ),
]


def faults(text: str) -> list[str]:
    """The checks that object, without mere advice."""
    return [finding.name for finding in found_in(text) if finding.level != "advice"]


def test_the_conversation_without_a_fault_has_no_finding_at_all() -> None:
    assert found_in(SMALL) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.fault)
def test_each_fault_is_named_where_it_stands_and_nothing_else_is(mutant: Mutant) -> None:
    text = changed(mutant.old, mutant.new)
    assert set(faults(text)) == {mutant.name}
    finding = next(finding for finding in found_in(text) if finding.name == mutant.name)
    assert mutant.where in finding.where
    assert mutant.says in finding.words
    assert finding.todo


def test_no_two_mutants_are_the_same() -> None:
    assert len({changed(mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS) >= 30
