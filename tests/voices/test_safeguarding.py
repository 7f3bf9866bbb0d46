"""Words that may mean harm are noticed in whatever way they are written, and ordinary words raise nobody's alarm."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.directory import safeguarding
from portal.directory.safeguarding import Watch

FILE = Path(__file__).parents[2] / "content" / "directory" / "safeguarding.yaml"
WATCH = safeguarding.from_file(FILE)
HARM = """
My son hit me last night.
The carer keeps hitting Mum when nobody looks
She has bruises on both arms and wont say why
He LOCKS her in her bedroom all day
She is locked in until the day girl comes
They lock the residents in.
My nephew has been taking my money
He takes her pension and she has nothing
money keeps going... £40 has gone missing, money goes missing every week
One of the staff shouts at her
the manager screamed at him in front of everybody
It is neglect, plain and simple
My brother is being neglected by the agency
She is frightened of the carer
I am scared of my husband
Dad was left in a wet bed until noon
they left him on the floor for two hours
She was not fed and not washed
He is losing weight and there is nothing to eat in the house
they gave her the wrong tablets twice
I don’t want to be here. I want to die.
He won’t let her see anybody
My carer stole my rings
They tied her to the bed
someone touched her inappropriately
He threatened to put me in a home
She uses his card and knows the PIN number
he slapped me
abused
He's never actually hit her, he says
It was great at first and a big hit, but then he hit me
"""
HARMLESS = """
The lunch was a hit with everybody.
Mum and Jean hit it off at once and the soup hit the spot
A lovely afternoon, the singer did all the greatest hits
The session kicked off at two with a slap up tea
There was fruit punch and the Punch and Judy man
It was locked when we came, so we went home
The door was locked in the morning
The group for survivors of abuse helped me so much
Help with drug abuse and alcohol abuse
My daughter took me and we paid by bank card
The talk on scam awareness was very good
The centre is under threat of closure, which is a shame
The telephone number is wrong, it is 01632 960 123 now
It is on Tuesdays now, not Thursdays
Too expensive, and the tea was cold
The driver was late and the minibus was full
The garden is neglected, somebody should weed it
They are kind, patient and always on time
We had to wait for an hour on the telephone
A sexual health clinic
The boat trips are for wheelchairs strapped in the minibus
Parking is hard and the door is heavy
The stairs were too much for my wife
There is no food allowed in the library
My husband lost weight at the class and feels well
I left after two hours, it was too loud
A kickboxing group for over sixties
The staff signed my mother up at once
"""


@pytest.mark.parametrize("words", HARM.strip().splitlines())
def test_what_may_mean_harm_is_noticed(words: str) -> None:
    assert WATCH.found(words)


@pytest.mark.parametrize("words", HARMLESS.strip().splitlines())
def test_ordinary_words_raise_nobody(words: str) -> None:
    assert WATCH.found(words) == []


@given(st.sampled_from(HARM.strip().splitlines()), st.text(max_size=80), st.text(max_size=80))
def test_nothing_that_stands_in_other_lines_hides_it(harm: str, before: str, after: str) -> None:
    assert WATCH.found(before, harm, after)


@given(st.text(max_size=400))
def test_any_text_at_all_can_be_read(text: str) -> None:
    assert isinstance(WATCH.found(text), list)


def test_words_are_named_once_as_they_were_said() -> None:
    assert WATCH.found("He HIT me. He hit me!", "bruises, bruised") == ["hit", "bruises", "bruised"]


def test_a_gap_is_three_words_at_most() -> None:
    watch = Watch([{"words": ["lock* … room"]}])
    assert watch.found("locks my old mum room")
    assert watch.found("locked room")
    assert not watch.found("locks up and then goes to another room")


def test_long_texts_are_read_quickly_enough_to_be_read_at_once() -> None:
    assert WATCH.found("left a " * 20_000 + "he hit me") == ["hit"]


def test_the_file_has_nothing_odd(site: Flask) -> None:
    done = site.test_cli_runner().invoke(args=["content", "lint", str(site.config["CONTENT"])])
    assert done.exit_code == 0, done.output


def test_what_is_odd_in_such_a_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "safeguarding.yaml"
    path.write_text("- words: [hit, '…']\n- unless: [a]\n- {words: [x], unles: [y]}\n")
    assert list(safeguarding.problems(path)) == [
        "safeguarding.yaml, row 1: “…” has no word in it",
        "safeguarding.yaml, row 2: it has no words; begin it with words",
        "safeguarding.yaml, row 3: unles is nothing we know; use words and unless",
    ]
