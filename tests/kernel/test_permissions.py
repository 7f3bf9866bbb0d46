"""Every route says who may open it, and strangers learn nothing of what is not theirs."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from portal.errors import Misconfigured
from portal.permissions import check_routes, public, requires, rule_of
from tests.kernel.conftest import Visitor

ROOT = Path(__file__).parents[2]


def may_see_wallet(user: Any, *, wallet: str) -> bool:
    """Mavis's wallet is for whoever knows its word; here nobody is signed in."""
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
    assert {rule_of(site, name) for name in site.view_functions} == {"public"}


def test_the_rules_name_is_the_name_of_the_permission(guarded: Flask) -> None:
    assert rule_of(guarded, "wallet") == "may_see_wallet"


def test_whom_the_rule_lets_in_gets_the_page(guarded: Flask) -> None:
    assert Visitor(guarded).get("/wallets/mavis").text == "the wallet of mavis"


def test_a_stranger_is_told_the_same_as_of_a_page_that_never_was(guarded: Flask) -> None:
    stranger = Visitor(guarded)
    refused, missing = stranger.get("/wallets/derek"), stranger.get("/wallet-of-nobody")
    assert refused.status_code == missing.status_code == 404
    assert _told(refused.text) == _told(missing.text)
    apart = {"Content-Length", "Cache-Control"}  # a guarded page's answers are never kept
    assert {k: v for k, v in refused.headers if k not in apart} == {
        k: v for k, v in missing.headers if k not in apart
    }


def _told(page: str) -> str:
    """The page without what differs from one moment to the next."""
    return re.sub(r'name="csrf_token" value="[^"]+"', "", page)


def test_a_rule_looks_at_what_the_address_names(guarded: Flask) -> None:
    answers = {
        name: Visitor(guarded).get(f"/wallets/{name}").status_code for name in ("mavis", "derek", "MAVIS")
    }
    assert answers == {"mavis": 200, "derek": 404, "MAVIS": 404}
