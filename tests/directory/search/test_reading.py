"""What typed words are understood as: forms, phrases, hints, and what a sentence that no row holds leans to."""

from pathlib import Path
from typing import Any

import pytest

from portal.directory.search.leanings import Leanings
from portal.directory.search.thesaurus import ITSELF, Reading, Thesaurus, synonym_files, term
from portal.directory.search.words import LIGHT_STEMS, stem

MONEY = [
    {
        "say": [f"{word} payday" for word in ("before", "until", "nothing", "hungry", "waiting")],
        "means": ["food-help"],
    },
    {
        "say": [f"empty {word}" for word in ("cupboard", "larder", "fridge", "shelf", "purse")],
        "means": ["food-help"],
    },
    {"say": ["lunch club", "lunch together"], "means": ["lunch-clubs"]},
]


def read(text: str, *rows: dict[str, Any]) -> Reading:
    """What these synonyms make of a text."""
    return Thesaurus(rows).read(text)


# Forms of a word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("forgotten", "forgets"),
        ("fell", "falling"),
        ("drank", "drinks"),
        ("eaten", "eating"),
        ("children", "child"),
        ("goes", "going"),
    ],
)
def test_irregular_forms_are_the_word_they_belong_to(one: str, other: str) -> None:
    assert stem(one) == stem(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("dying", "died"), ("lost", "losing"), ("held", "hold"), ("broken", "broke"), ("took", "take")],
)
def test_forms_that_mean_something_else_are_kept_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_a_short_word_and_one_in_another_script_stay_whole() -> None:
    assert [stem(word) for word in ("tea", "چائے", "24")] == ["tea", "چائے", "24"]


# Leanings


def test_a_sentence_that_no_row_holds_leans_to_where_its_words_lead() -> None:
    reading = read("cupboard was bare and weeks to payday", *MONEY)
    assert not any(clause.phrase for clause in reading.clauses)
    assert list(reading.leans) == [(term("food-help"),)]


@pytest.mark.parametrize("text", ["payday", "zebra stripes", "my mum", "payday zebra", ""])
def test_one_word_unknown_words_and_light_words_lean_nowhere(text: str) -> None:
    assert read(text, *MONEY).leans == {}


def test_more_and_surer_words_lean_more() -> None:
    leanings = Leanings(LIGHT_STEMS)
    for number in range(40):
        leanings.learn([("payday", "cupboard")], {"food-help": 1.0})
        leanings.learn([(f"word{number}", "evening")], {f"key-{number}": 1.0})
    sure, unsure = leanings.of(["payday", "cupboard"]), leanings.of(["evening", "word3"])
    assert 0 < max(unsure.values()) < sure["food-help"] / 2 < 1


def test_a_row_that_says_a_word_often_does_not_outweigh_many_rows() -> None:
    leanings = Leanings(frozenset())
    leanings.learn([("night", f"word{number}") for number in range(9)], {"helplines": 1.0})
    for _ in range(9):
        leanings.learn([("night", "wander")], {"telecare": 1.0})
    leans = leanings.of(["night", "wander"])
    assert max(leans, key=lambda key: leans[key]) == "telecare"


def test_only_a_few_that_come_near_the_first_are_leant_to() -> None:
    leanings = Leanings(frozenset())
    for number in range(12):
        leanings.learn([("garden", "grass")], {f"key-{number:02}": 1.0, "odd-jobs": 1.0})
    leans = leanings.of(["garden", "grass"])
    assert list(leans) == ["odd-jobs"]


def test_words_of_crisis_are_taken_as_they_stand_and_lean_nowhere() -> None:
    assert read("dark bridge", {"urgent": ["jump off dark bridge"], "help": "crisis"}).leans == {}


# Phrases, hints and crisis


def test_a_single_word_counts_more_than_its_category_and_a_longer_phrase_as_much() -> None:
    row = {"say": ["parkinsons", "shaking hands"], "means": ["parkinsons-neuro"]}
    (word,), (phrase,) = read("parkinsons", row).clauses, read("shaking hands", row).clauses
    assert word.ways == {("parkinson",): ITSELF, (term("parkinsons-neuro"),): 1.0}
    assert phrase.ways == {("shake", "hand"): 1.0, (term("parkinsons-neuro"),): 1.0}


def test_exact_words_of_crisis_lead_even_beside_another_phrase() -> None:
    rows = (
        {"exact": ["husband hits me"], "help": "abuse"},
        {"say": ["nowhere to go"], "means": ["housing-advice"]},
    )
    reading = read("my husband hits me and i have nowhere to go", *rows)
    assert reading.urgent == "abuse"
    assert {"domestic-abuse", "housing-advice"} <= reading.asked
    assert read("nowhere to go", *rows).asked == {"housing-advice"}


def test_what_was_asked_is_categories_and_needs_and_no_words() -> None:
    row = {"say": ["lunch club"], "means": ["lunch-clubs", "lonely"], "words": ["dinner"]}
    assert read("lunch club tuesday", row).asked == {"lunch-clubs", "lonely"}
    assert read("", row).asked == frozenset()


# Files


def folder_of(tmp_path: Path, **files: str) -> Path:
    """A folder of content with these files of synonyms and a small taxonomy."""
    sheds = "{key: sheds, name: Sheds and workshops, also: [repair café]}"
    (tmp_path / "taxonomy.yaml").write_text(f"categories: [{{key: of, name: Groups, of: [{sheds}]}}]")
    for name, text in files.items():
        (tmp_path / f"{name.replace('_', '-')}.yaml").write_text(text)
    return tmp_path


def test_synonyms_stand_in_several_files(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        synonyms="- say: [tea dance]\n  means: [music-singing]\n",
        synonyms_b="# none yet\n",
        synonyms_a="- for_some: [veterans]\n",
        others="- say: [tea dance]\n  means: [pets]\n",
    )
    assert [path.name for path in synonym_files(folder)] == [
        "synonyms.yaml",
        "synonyms-a.yaml",
        "synonyms-b.yaml",
    ]
    thesaurus = Thesaurus.from_folder(folder)
    assert thesaurus.read("tea dance").asked == {"music-singing"}
    assert thesaurus.for_some == {"veterans"}


def test_names_of_the_taxonomy_are_phrases_and_single_ones_hints(tmp_path: Path) -> None:
    thesaurus = Thesaurus.from_folder(folder_of(tmp_path, synonyms=""))
    (named,) = thesaurus.read("repair café").clauses
    (hinted,) = thesaurus.read("workshop").clauses
    assert (named.phrase, hinted.hint) == (True, True)
    assert thesaurus.read("sheds").asked == thesaurus.read("repair café").asked == {"sheds"}
    assert thesaurus.read("groups").asked == frozenset()
