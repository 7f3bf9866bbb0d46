"""A visitor's way through a conversation, page by page, without script."""

import datetime as dt

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from portal import clock, retention
from portal.db import db
from portal.selfhelp.models import QuestionCount, Talk, UnwantedCount
from tests import make
from tests.selfhelp.talking import SMALL, Visitor, publish


@pytest.fixture
def mavis(client: FlaskClient) -> Visitor:
    """Mavis, before a small conversation."""
    publish()
    return Visitor(client)


def counted() -> dict[str, tuple[int, int, int, int]]:
    """What was counted: question -> shown, answered, skipped, left."""
    db.session.expire_all()
    return {
        row.question: (row.shown, row.answered, row.skipped, row.left)
        for row in db.session.scalars(sa.select(QuestionCount))
    }


def test_somebody_goes_through_and_sees_what_may_help_with_the_reason(mavis: Visitor) -> None:
    make.saved(make.service("Rails and Steps", terms=("adaptations",)))
    mavis.open("/self-help")
    assert mavis.has("A small conversation")
    mavis.begin()
    assert (mavis.at, mavis.title) == ("/self-help/small/page/1", "Are you safe just now?")
    mavis.say(danger="safe").say(stairs="hard", enjoy=["garden", "music"])
    assert mavis.title == "Have you fallen?"
    mavis.say(falls="often").say(matters="My sister", stairs_count="014", postcode="m337zf")
    assert (mavis.at, mavis.title) == ("/self-help/small/answers", "Check what you said")
    assert mavis.has("My sister")
    assert mavis.has("M33 7ZF")
    assert mavis.has("The garden, Music")
    mavis.send("/self-help/small/finish")
    assert mavis.at == "/self-help/small/results"
    assert mavis.topics == ["stairs-help", "falls-help", "garden-again"]
    assert mavis.has("About the stairs, you said: “The stairs are hard”.")
    assert mavis.has("Rails and Steps")
    assert mavis.has("Near you")
    assert mavis.has("What is going well")
    assert mavis.has("Music")
    assert mavis.has("You can ask the council for a free care needs or carer’s assessment at any time.")


def test_everything_can_be_skipped_and_there_is_still_something(mavis: Visitor) -> None:
    make.saved(make.service("The Hub", terms=("community-hubs",)))
    mavis.begin().say().say().say()
    mavis.send("/self-help/small/finish")
    assert mavis.topics == ["otherwise"]
    assert mavis.has("The Hub")
    assert mavis.has("nothing stands out")


def test_urgent_help_comes_before_everything(mavis: Visitor) -> None:
    mavis.begin().say(danger="hurt").say(stairs="hard")
    mavis.open("/self-help/small/results")
    assert mavis.topics[0] == "danger-now"
    assert mavis.title == "Please read this first"


def test_for_somebody_else_the_questions_speak_of_them(mavis: Visitor) -> None:
    mavis.begin("someone-else", name="Mum & <Co>")
    assert mavis.title == "Is Mum &  safe just now?"
    assert "Is Mum &amp; &lt;Co&gt; safe" in mavis.client.get(mavis.at).text, "what is typed is text"
    mavis.begin("someone-else")
    assert mavis.title == "Is this person safe just now?"


def test_a_changed_answer_leaves_behind_what_it_led_to_and_brings_it_back(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe").say(stairs="hard").say(falls="often")
    mavis.open("/self-help/small/page/2?change=1").say(stairs="fine")
    mavis.open("/self-help/small/results")
    assert "falls-help" not in mavis.topics, "an answer off the path does not count"
    mavis.open("/self-help/small/answers")
    assert not mavis.has("Fell more than once")
    mavis.open("/self-help/small/page/2?change=1").say(stairs="hard")
    mavis.open("/self-help/small/results")
    assert "falls-help" in mavis.topics, "it counts again where the path comes back to it"


def test_going_back_shows_what_was_said(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe").say(stairs="hard", enjoy=["music"])
    mavis.open("/self-help/small/page/2")
    assert mavis.page.count("checked") == 2


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("postcode", "the moon", "Type a postcode such as M33 7ZF, or leave this empty."),
        ("stairs_count", "many", "Type a whole number in figures, such as 2, or leave this empty."),
        ("stairs_count", "61", "Type a number from 0 to 60, or leave this empty."),
        ("matters", "x" * 2001, "That is more than fits here."),
    ],
)
def test_what_cannot_be_read_is_asked_about_and_nothing_is_lost(
    mavis: Visitor, field: str, typed: str, words: str
) -> None:
    mavis.begin().say(danger="safe").say(stairs="fine")
    mavis.say(**{"matters": "Seeing my sister", field: typed})
    assert mavis.status == 422
    assert mavis.has(words)
    assert typed in mavis.page
    assert field == "matters" or mavis.has("Seeing my sister")
    assert "<title>Error: " in mavis.page


def test_what_is_no_answer_at_all_is_left_out(mavis: Visitor) -> None:
    mavis.begin().say(danger="elsewhere").say(stairs=["hard", "fine"], enjoy=["none", "garden", "rocket"])
    mavis.open("/self-help/small/answers")
    assert mavis.has("The garden")
    assert not mavis.has("None of these")


def test_a_page_that_is_not_on_the_path_leads_to_where_one_is(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe").say(stairs="fine")
    for number in ("3", "0", "99"):
        assert mavis.open(f"/self-help/small/page/{number}").at == "/self-help/small/page/4"


def test_what_is_sent_for_another_page_changes_nothing(mavis: Visitor) -> None:
    mavis.begin()
    mavis.send("/self-help/small/page/1", page="home", **{"q-danger": "hurt"})
    assert mavis.at == "/self-help/small/page/1"
    mavis.open("/self-help/small/results")
    assert "danger-now" not in mavis.topics


def test_a_conversation_that_is_not_there_is_not_found(mavis: Visitor) -> None:
    assert mavis.open("/self-help/none").status == 404
    assert mavis.open("/self-help/none/page/1").status == 404
    assert mavis.open("/self-help/small/page/1").at == "/self-help/small", (
        "not begun: it leads to the beginning"
    )


def test_the_page_saves_itself_and_nothing_counts_as_seen(mavis: Visitor) -> None:
    mavis.begin()
    answer = mavis.post(mavis.at, note="1", **mavis.sent(danger="hurt"))
    assert (answer.status_code, answer.text) == (204, "")
    assert mavis.open("/self-help/small/on").at == "/self-help/small/page/1"
    assert mavis.page.count("checked") == 1
    assert counted() == {}


def test_the_same_sent_twice_is_counted_once_and_no_sensitive_answer_is(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe")
    mavis.open("/self-help/small/page/1").say(danger="hurt")
    mavis.open("/self-help/small/page/2").say(stairs="hard")
    assert counted() == {"danger": (1, 0, 0, 0), "stairs": (1, 1, 0, 0), "enjoy": (1, 0, 1, 0)}


def test_a_suggestion_is_put_aside_with_its_reason_and_shown_again(mavis: Visitor) -> None:
    mavis.begin().say(danger="hurt").say(stairs="hard", enjoy=["garden"])
    mavis.open("/self-help/small/results").send(
        "/self-help/small/aside", rule="stairs-help", reason="have-it"
    )
    assert mavis.topics == ["danger-now", "garden-again"]
    assert mavis.has("What you put aside")
    assert mavis.has("Safer stairs")
    mavis.send("/self-help/small/aside", rule="stairs-help", back="1")
    assert mavis.topics == ["danger-now", "stairs-help", "garden-again"]
    mavis.send("/self-help/small/aside", rule="danger-now", reason="not-right")
    assert "danger-now" in mavis.topics, "urgent help is never put aside"
    rows = db.session.scalars(sa.select(UnwantedCount)).all()
    assert [(row.rule, row.reason, row.times) for row in rows] == [("stairs-help", "have-it", 1)]
    assert mavis.post("/self-help/small/aside", rule="nothing", reason="have-it").status_code == 400
    assert mavis.post("/self-help/small/aside", rule="stairs-help", reason="because").status_code == 400


def test_a_code_brings_the_conversation_back_in_another_browser(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe").say(stairs="hard")
    mavis.open("/self-help/small/keep").send("/self-help/small/code")
    code = mavis.page.split('class="paper-code"><bdi>')[1].split("<")[0]
    kept = db.session.scalars(sa.select(Talk)).one()
    assert code not in (kept.code or "")
    assert "hard" not in kept.sealed
    other = Visitor(mavis.client.application.test_client())
    typed = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")
    other.open("/self-help/resume").send("/self-help/resume", code=typed)
    assert other.at == "/self-help/small/page/3"
    other.open("/self-help/resume").send("/self-help/resume", code="AAAA-AAAA-AAAA")
    assert other.status == 422
    assert other.has("We do not know that code.")
    other.send("/self-help/resume", code="hello")
    assert other.status == 422
    assert other.has("A code has 12 letters and figures")


def test_wrong_codes_are_slowed_down(mavis: Visitor) -> None:
    mavis.open("/self-help/resume")
    for _try in range(11):
        mavis.send("/self-help/resume", code="AAAA-AAAA-AAAA")
    assert mavis.status == 422
    assert mavis.has("too many tries")


def test_a_mailed_link_leads_back_and_says_nothing_of_the_matter(mavis: Visitor) -> None:
    from portal.notify import Message

    mavis.begin().say(danger="hurt")
    mavis.open("/self-help/small/keep").send("/self-help/small/mail", email="mavis@example.org")
    assert mavis.has("The mail is on its way.")
    (mail,) = db.session.scalars(sa.select(Message)).all()
    assert "small" not in mail.text.lower()
    assert "danger" not in mail.text.lower()
    path = mail.text.split("http://")[1].split()[0].partition("/")[2]
    other = Visitor(mavis.client.application.test_client())
    other.open(f"/{path}")
    assert other.title == "Go on where you were"
    other.send(f"/{path}")
    assert other.at == "/self-help/small/page/2"
    assert other.open("/self-help/resume/nothing").status == 404
    mavis.send("/self-help/small/mail", email="mavis")
    assert mavis.status == 422
    assert mavis.has("Type an e-mail address with an @ in it")


def test_what_was_said_is_deleted_when_asked_and_at_leaving(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe")
    mavis.open("/self-help/small/answers").send("/self-help/small/delete")
    assert mavis.has("What you said has been deleted.")
    assert db.session.scalar(sa.select(sa.func.count(Talk.id))) == 0
    assert counted()["stairs"] == (0, 0, 0, 1), "it ended there"
    mavis.begin().say(danger="safe")
    mavis.leave()
    assert db.session.scalar(sa.select(sa.func.count(Talk.id))) == 0
    assert mavis.open("/self-help/small/results").at == "/self-help/small"


def test_at_leaving_what_has_a_code_stays(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe")
    mavis.open("/self-help/small/keep").send("/self-help/small/code")
    mavis.leave()
    assert db.session.scalar(sa.select(sa.func.count(Talk.id))) == 1


def test_talks_end_a_day_after_the_last_answer_or_28_days_with_a_code(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe")
    mavis.open("/self-help/small/keep").send("/self-help/small/code")
    Visitor(mavis.client.application.test_client()).begin()
    begun = clock.now()
    for days, left in ((0.9, 2), (1.1, 1), (27.9, 1), (28.1, 0)):
        db.session.rollback()
        retention.delete(begun + dt.timedelta(days=days))
        assert db.session.scalar(sa.select(sa.func.count(Talk.id))) == left


def test_in_the_middle_of_an_older_version_only_what_changed_is_asked_again(mavis: Visitor) -> None:
    mavis.begin().say(danger="safe").say(stairs="hard", enjoy=["garden"]).say(falls="often")
    publish(SMALL.replace("How do you find the stairs?", "How do you find the stairs these days?"))
    mavis.open("/self-help/small/on")
    assert mavis.at == "/self-help/small/page/2"
    assert mavis.has("We only ask you 1 question again.")
    mavis.say(stairs="hard", enjoy=["garden"])
    mavis.open("/self-help/small/on")
    assert mavis.title == "In your words", "what was said of falls still stands"
    assert not mavis.has("has changed a little")


def test_everything_goes_onto_the_plan_together_or_one_by_one(mavis: Visitor) -> None:
    rails, club = (
        make.service("Rails and Steps", terms=("adaptations",)),
        make.service("Spade Club", terms=("gardening-clubs",)),
    )
    make.saved(rails, club)
    mavis.begin().say(danger="safe").say(stairs="hard", enjoy=["garden"])
    mavis.open("/self-help/small/results").send(
        "/self-help/small/plan", service=[str(rails.id), str(club.id)]
    )
    assert mavis.at == "/plan"
    assert mavis.has("Rails and Steps")
    assert mavis.has("Spade Club")
    mavis.open("/self-help/small/results")
    assert mavis.post("/self-help/small/plan", service="nonsense").status_code == 422


def test_nothing_of_it_is_kept_by_a_browser_and_no_address_says_what_was_said(mavis: Visitor) -> None:
    mavis.begin().say(danger="hurt")
    for path in (
        "/self-help/small/page/2",
        "/self-help/small/answers",
        "/self-help/small/results",
        "/self-help/small/keep",
    ):
        assert mavis.open(path).headers["Cache-Control"] == "no-store"
        assert "hurt" not in mavis.at


def test_a_question_that_depends_on_one_of_its_page_comes_on_the_next(mavis: Visitor) -> None:
    together = SMALL.replace("- id: falls\n  title: Falls\n  questions:\n", "")
    publish(together)
    mavis.begin().say(danger="safe")
    assert mavis.has("What do you enjoy?")
    assert not mavis.has("Have you fallen?")
    mavis.say(stairs="hard")
    assert mavis.title == "Have you fallen?"
    mavis.say(falls="often")
    assert mavis.title == "In your words"
