"""Every mail about mandates, as people read it, and who gets which at each step."""

import datetime as dt
from pathlib import Path

import pytest
from flask import Flask

from portal import notify
from portal.accounts import asking, choices, mandate_letters, mandates
from portal.accounts.models import Asking
from portal.db import db
from portal.notify import Message
from tests import make
from tests.accounts import mandating, people
from tests.accounts.mandating import TODAY, account, at, officer, terms, visiting

GOLDEN = Path(__file__).parent.parent / "golden" / "mail"


def as_read(mail: Message, name: str) -> None:
    """The mail is as its golden file. To renew: delete the file, run once (it fails and writes), and read it."""
    path = GOLDEN / f"{name}.txt"
    text = f"Subject: {mail.subject}\n\n{mail.text}\n--- HTML ---\n{mail.html}"
    if not path.exists():
        path.write_text(text)
        pytest.fail(f"{path.name} was not there and is written now: read it")
    assert text == path.read_text()


@pytest.mark.parametrize("step", mandate_letters.STEPS)
@pytest.mark.parametrize("side", ["mavis", "derek"])
def test_a_letter_reads_as_it_should(site: Flask, step: str, side: str) -> None:
    wanted = terms(
        payment_limit_pence=25_000, month_limit_pence=100_000, ends_on=TODAY + dt.timedelta(days=365)
    )
    made = mandating.asked(mandating.mavis(), account("derek"), wanted)
    later = make.NOW + dt.timedelta(minutes=1)
    why = "The papers are not signed." if step in ("refused", "ended") else ""
    mandate_letters.tell(step, made, make.council(), later, why=why)
    db.session.commit()
    as_read(
        people.mails(f"{side}@example.org")[-1],
        f"mandates_{step}_to_{'person' if side == 'mavis' else 'representative'}",
    )


def test_the_letter_about_an_asking_that_is_refused(site: Flask) -> None:
    wanted = Asking(person_name="Mavis", about="My mother", basis="lpa", scope="view")
    asking.ask(visiting(account("derek")), make.council(), wanted, make.NOW)
    asking.refuse(wanted, "Please send us the papers.", at(officer()))
    db.session.commit()
    as_read(people.mails("derek@example.org")[0], "mandates_asking_refused")


def test_both_sides_have_a_mail_at_each_step(each_site: Flask) -> None:
    mavis = mandating.mavis()
    made = mandating.active(mavis, account("derek"))
    mandates.end(made, "", at(account("mavis")), side="person")
    db.session.commit()
    to_mavis = sorted(mail.subject for mail in people.mails("mavis@example.org"))
    to_derek = sorted(mail.subject for mail in people.mails("derek@example.org"))
    assert to_mavis == [
        "Derek may act for you now",
        "Derek may soon act for you",
        "Derek no longer acts for you",
        "Somebody asks that Derek may act for you",
    ]
    assert to_derek == [
        "Somebody asks that you may act for Mavis",
        "You may act for Mavis now",
        "You may soon act for Mavis",
        "You no longer act for Mavis",
    ]


def test_everybody_who_decides_for_an_organisation_has_one(site: Flask) -> None:
    tom, organisation = mandating.provider()
    mandating.provider("wes", "worker")
    mandating.active(mandating.mavis(), organisation, terms("managed"))
    mails = people.mails(tom.email)
    assert len(mails) == 3
    assert all("It is for your organisation: Willow & Wren Homecare." in mail.text for mail in mails)
    assert people.mails("wes@example.org") == []
    assert "Willow & Wren Homecare may act for you now" in {
        m.subject for m in people.mails("mavis@example.org")
    }


def test_a_person_without_an_account_has_none_and_who_is_new_is_invited_when_it_is_granted(
    site: Flask,
) -> None:
    asha, derek = mandating.person("Asha"), people.user("derek", state="invited")
    mandating.asked(asha, derek)
    assert people.mails() == []
    made = mandating.granted(mandating.person("Priya"), derek)
    (mail,) = people.mails()
    assert "act for Priya, once a second officer has approved it" in mail.text
    assert people.link_in(mail)
    assert made.state == "granted"


def test_every_step_of_the_letters_has_words(site: Flask) -> None:
    made = mandating.asked(mandating.mavis(), account("derek"))
    with pytest.raises(ValueError, match="no words for thrown"):
        mandate_letters.tell("thrown", made, make.council(), make.NOW)


def test_nobody_can_put_off_the_news_of_who_may_act(each_site: Flask) -> None:
    """Whoever has got into an account must not be able to hide it from its owner."""
    mavis = mandating.mavis()
    choices.choose(account("mavis").id, {"account.mandates": "off"})
    mandating.active(mavis, account("derek"))
    mails = people.mails("mavis@example.org")
    assert len(mails) == 3
    assert all("Choose which mails you get" not in mail.text for mail in mails)
    assert all(mail.html and mail.text for mail in mails)
    posted = [notify.as_mail(mail, "no-reply@example.org")["Message-ID"] for mail in mails]
    assert posted == [notify.as_mail(mail, "no-reply@example.org")["Message-ID"] for mail in mails]
    assert len(set(posted)) == 3
