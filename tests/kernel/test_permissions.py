"""Every route says who may open it, and strangers learn nothing of what is not theirs."""

import datetime as dt
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal import clock
from portal.errors import Misconfigured
from portal.permissions import FRESH, check_routes, init_app, public, requires, rule_of, set_doors
from portal.permissions import Visitor as KernelVisitor
from tests.accounts import people
from tests.kernel.conftest import Visitor

ROOT = Path(__file__).parents[2]


def may_see_wallet(user: Any, *, wallet: str) -> bool:
    """Mavis's wallet is for whoever knows its word."""
    return wallet == "mavis"


def _wallet(wallet: str) -> str:
    return f"the wallet of {wallet}"


@pytest.fixture
def guarded(another: Callable[..., Flask]) -> Flask:
    """The site with a page that not everybody may open."""
    app = another()
    app.add_url_rule("/wallets/<wallet>", "wallet", requires(may_see_wallet)(_wallet))
    return app


def test_a_route_without_a_rule_stops_the_site_from_starting() -> None:
    app = Flask(__name__)
    app.add_url_rule("/open", "open", public(lambda: ""))
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    app.add_url_rule("/also/<int:number>", "also", lambda number: "")
    with pytest.raises(Misconfigured, match=re.escape("/also/<int:number>, /forgotten, /static")):
        check_routes(app)


FORGETFUL = """
from portal import create_app, site
site.site.add_url_rule("/forgotten", "forgotten", lambda: "")
create_app({}, {"PORTAL_INSTANCE": "%s"})
"""


def test_so_the_whole_site_does_not_start_when_one_of_its_features_forgets(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FORGETFUL % tmp_path]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].endswith("say neither @public nor @requires(rule): /forgotten")


def test_a_route_that_is_only_ever_built_needs_no_rule() -> None:
    app = Flask(__name__, static_folder=None)
    app.add_url_rule("/static/<path:filename>", "static", build_only=True)
    check_routes(app)


def test_every_route_of_the_site_has_its_rule(site: Flask) -> None:
    check_routes(site)
    rules = {rule_of(site, name) for name in site.view_functions}
    assert None not in rules
    assert len(rules) > 1  # not everything is public


def test_the_rules_name_is_the_name_of_the_permission(guarded: Flask) -> None:
    assert rule_of(guarded, "wallet") == "may_see_wallet"


def test_whom_the_rule_lets_in_gets_the_page(guarded: Flask) -> None:
    with guarded.app_context():
        mavis, _ = people.somebody(guarded)
        answer = mavis.get("/wallets/mavis")
    assert answer.text == "the wallet of mavis"
    assert answer.headers["Cache-Control"] == "no-store"


def test_somebody_signed_in_is_told_the_same_as_of_a_page_that_never_was(guarded: Flask) -> None:
    with guarded.app_context():
        mavis, _ = people.somebody(guarded)
        refused, missing = mavis.get("/wallets/derek"), mavis.get("/wallet-of-nobody")
    assert refused.status_code == missing.status_code == 404
    assert _told(refused.text) == _told(missing.text)


def test_a_visitor_is_led_to_the_door_whatever_the_address_names(guarded: Flask) -> None:
    stranger = Visitor(guarded)
    for name in ("mavis", "derek"):
        answer = stranger.get(f"/wallets/{name}")
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/sign-in?next=/wallets/{name}"


def _told(page: str) -> str:
    """The page without what differs from one moment to the next, and from one address to another."""
    page = re.sub(r"/wallets/derek|/wallet-of-nobody", "", page)
    return re.sub(r'name="csrf_token" value="[^"]+"|data-out-in="\d+"', "", page)


def test_a_rule_looks_at_what_the_address_names(guarded: Flask) -> None:
    with guarded.app_context():
        mavis, _ = people.somebody(guarded)
        answers = {name: mavis.get(f"/wallets/{name}").status_code for name in ("mavis", "derek", "MAVIS")}
    assert answers == {"mavis": 200, "derek": 404, "MAVIS": 404}


# The door


@pytest.fixture
def bare() -> Flask:
    """An app of the kernel's alone: a page of Mavis's, one for whoever showed a factor lately, and no doors."""
    app = Flask(__name__)
    app.secret_key = "of a test"
    init_app(app)
    app.add_url_rule("/wallets/<wallet>", "wallet", requires(may_see_wallet)(_wallet))
    fresh = requires(may_see_wallet, fresh=FRESH)(_wallet)
    app.add_url_rule("/wallets/<wallet>/payees", "payees", fresh, methods=["GET", "POST"])
    app.add_url_rule("/way-in", "way_in", public(lambda: "the way in"))
    app.add_url_rule("/show-it", "show_it", public(lambda: "show that it is you"))
    return app


@dataclass(frozen=True)
class _Known(KernelVisitor):
    """Somebody who is signed in, as far as the kernel knows."""

    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False


def known(app: Flask, proved_at: dt.datetime | None = None) -> None:
    """Whoever asks is signed in from now on."""
    app.login_manager.request_loader(lambda request: _Known(proved_at=proved_at))  # type: ignore[attr-defined]  # Flask-Login's


def test_without_doors_a_visitor_finds_nothing_that_is_not_theirs(bare: Flask) -> None:
    client = bare.test_client()
    assert client.get("/wallets/derek").status_code == 404
    assert client.get("/wallets/derek/payees").status_code == 404
    assert client.get("/way-in").status_code == 200


def test_with_doors_a_visitor_is_led_to_the_one_that_was_set_and_back_to_the_page(bare: Flask) -> None:
    set_doors(bare, sign_in="way_in", prove="show_it")
    answer = bare.test_client().get("/wallets/derek?month=3")
    assert (answer.status_code, answer.location) == (303, "/way-in?next=/wallets/derek?month%3D3")
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_door_asks_no_rule_so_that_its_answer_tells_nothing(bare: Flask) -> None:
    set_doors(bare, sign_in="way_in", prove="show_it")
    client = bare.test_client()
    answers = [client.get(f"/wallets/{name}") for name in ("mavis", "derek")]
    assert [(answer.status_code, answer.text.replace("mavis", "derek")) for answer in answers] == [
        (303, answers[1].text)
    ] * 2


def test_a_form_leads_back_to_its_page_and_a_part_of_a_page_moves_the_whole_page(bare: Flask) -> None:
    set_doors(bare, sign_in="way_in", prove="show_it")
    client = bare.test_client()
    sent = client.post("/wallets/mavis/payees", data={"name": "Tom"})
    assert (sent.status_code, sent.location) == (303, "/way-in?next=/wallets/mavis/payees")
    part = client.get(
        "/wallets/mavis",
        headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/wallets/mavis/payees"},
    )
    assert (part.status_code, part.headers["HX-Redirect"]) == (200, "/way-in?next=/wallets/mavis/payees")
    assert part.text == ""


def test_whoever_is_signed_in_and_refused_is_led_to_no_door(bare: Flask) -> None:
    set_doors(bare, sign_in="way_in", prove="show_it")
    known(bare)
    client = bare.test_client()
    assert client.get("/wallets/mavis").status_code == 200
    assert client.get("/wallets/derek").status_code == 404
    assert client.get("/wallets/derek/payees").status_code == 404


@pytest.mark.parametrize(
    ("ago", "status"), [(dt.timedelta(minutes=9), 200), (dt.timedelta(minutes=11), 303), (None, 303)]
)
def test_who_has_shown_no_factor_lately_is_led_to_the_other_door(
    bare: Flask, ago: dt.timedelta | None, status: int
) -> None:
    set_doors(bare, sign_in="way_in", prove="show_it")
    known(bare, clock.now() - ago if ago else None)
    answer = bare.test_client().get("/wallets/mavis/payees")
    assert answer.status_code == status
    assert answer.location == (None if status == 200 else "/show-it?next=/wallets/mavis/payees")
