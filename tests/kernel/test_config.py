"""Settings: development needs none, and production refuses each unsafe one by its name."""

import os
import stat
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from flask import session

from portal import create_app
from portal.cli import migrations
from portal.config import SETTINGS, from_environment
from portal.db import MIGRATIONS
from portal.errors import Misconfigured
from portal.permissions import public

SAFE = {
    "PORTAL_SECRET_KEY": "0123456789abcdef0123456789abcdef",
    "PORTAL_BASE_URL": "https://help.example.org",
    "PORTAL_MAIL_URL": "smtps://portal:secret@mail.example.org:465",
}


def read(folder: Path, **settings: str) -> dict[str, Any]:
    """The configuration of a site in a folder of its own."""
    return from_environment(settings, folder)


def problems(folder: Path, **settings: str) -> list[str]:
    """What stops the site from starting, one sentence each."""
    with pytest.raises(Misconfigured) as refused:
        read(folder, **settings)
    first, *lines = str(refused.value).split("\n- ")
    assert first == "The site cannot start:"
    return lines


def test_development_needs_no_setting(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found["PRODUCTION"] is False
    assert found["SQLALCHEMY_DATABASE_URI"] == f"sqlite:///{tmp_path}/instance/portal.db"
    assert found["MAIL_URL"] == f"file:{tmp_path}/instance/mail"
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("session", False)


def test_development_keeps_a_secret_of_its_own_that_only_its_owner_can_read(tmp_path: Path) -> None:
    secret = read(tmp_path)["SECRET_KEY"]
    assert len(secret) >= 32
    assert read(tmp_path)["SECRET_KEY"] == secret  # sessions outlive a restart
    assert stat.S_IMODE(os.stat(tmp_path / "instance" / "secret-key").st_mode) == 0o600
    assert read(tmp_path / "another")["SECRET_KEY"] != secret


def test_a_safe_production_starts(tmp_path: Path) -> None:
    found = read(tmp_path, **SAFE)
    assert found["PRODUCTION"] is True
    assert (found["SESSION_COOKIE_NAME"], found["SESSION_COOKIE_SECURE"]) == ("__Host-session", True)
    assert (found["SESSION_COOKIE_HTTPONLY"], found["SESSION_COOKIE_SAMESITE"]) == (True, "Lax")
    assert found["SECRET_KEY"] == SAFE["PORTAL_SECRET_KEY"]
    assert not (tmp_path / "instance" / "secret-key").exists()


@pytest.mark.parametrize(
    ("mode", "address", "production"),
    [("", "https://help.example.org", True), ("", "HTTPS://help.example.org", True),
     ("production", "https://help.example.org", True), ("development", "https://help.example.org", False),
     ("development", "http://localhost:5000", False), ("", "http://localhost:5000", False)],
)  # fmt: skip
def test_a_site_with_an_https_address_is_in_production_unless_it_says_otherwise(
    tmp_path: Path, mode: str, address: str, production: bool
) -> None:
    found = read(tmp_path, **{**SAFE, "PORTAL_MODE": mode, "PORTAL_BASE_URL": address})
    assert found["PRODUCTION"] is production


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PORTAL_SECRET_KEY", ""),
        ("PORTAL_SECRET_KEY", "0123456789abcdef0123456789abcde"),
        ("PORTAL_BASE_URL", "http://help.example.org"),
        ("PORTAL_BASE_URL", ""),
        ("PORTAL_MAIL_URL", ""),
        ("PORTAL_MAIL_URL", "file:/var/mail"),
        ("PORTAL_MAIL_URL", "mail.example.org"),
        ("PORTAL_FETCH_ALLOW", "localhost"),
        ("PORTAL_MODE", "prod"),
        ("PORTAL_SEARCH", "elastic"),
        ("PORTAL_TRUSTED_PROXIES", "all"),
        ("PORTAL_TRUSTED_PROXIES", "-1"),
        ("PORTAL_TRUSTED_PROXIES", "²"),
        ("PORTAL_DATABASE_URL", "mysql://localhost/portal"),
        ("PORTAL_MIGRATE_DATABASE_URL", "oracle://localhost/portal"),
    ],
)
def test_production_refuses_what_is_unsafe_and_names_it(tmp_path: Path, setting: str, value: str) -> None:
    mode = {} if setting == "PORTAL_MODE" else {"PORTAL_MODE": "production"}
    [line] = problems(tmp_path, **{**SAFE, **mode, setting: value})
    assert line.startswith(setting)


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    lines = problems(tmp_path, PORTAL_MODE="production", PORTAL_FETCH_ALLOW="localhost")
    assert [line.split()[0] for line in lines] == [
        "PORTAL_SECRET_KEY", "PORTAL_BASE_URL", "PORTAL_MAIL_URL", "PORTAL_FETCH_ALLOW",
    ]  # fmt: skip


def test_an_unsafe_production_does_not_even_make_its_folder(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        create_app({}, {"PORTAL_MODE": "production", "PORTAL_INSTANCE": str(tmp_path / "instance")})
    assert not (tmp_path / "instance").exists()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_postgresql_address_gets_the_driver_that_is_installed(tmp_path: Path, scheme: str) -> None:
    found = read(tmp_path, PORTAL_DATABASE_URL=f"{scheme}://portal:p%40ss@db:5432/portal?sslmode=require")
    assert (
        found["SQLALCHEMY_DATABASE_URI"]
        == "postgresql+psycopg://portal:p%40ss@db:5432/portal?sslmode=require"
    )
    assert found["MIGRATE_DATABASE_URI"] == found["SQLALCHEMY_DATABASE_URI"]


def test_the_tables_may_belong_to_another_role(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        PORTAL_DATABASE_URL="postgresql://app@db/portal",
        PORTAL_MIGRATE_DATABASE_URL="postgresql://owner@db/portal",
    )
    assert found["SQLALCHEMY_DATABASE_URI"] == "postgresql+psycopg://app@db/portal"
    assert found["MIGRATE_DATABASE_URI"] == "postgresql+psycopg://owner@db/portal"


def test_each_setting_says_what_it_is_for_and_has_a_name_of_its_own() -> None:
    names = [setting.name for setting in SETTINGS]
    assert len(set(names)) == len(names)
    assert all(setting.name.startswith("PORTAL_") and setting.says.endswith(".") for setting in SETTINGS)


def _remember() -> str:
    session["plan"] = ["one"]
    return "yes"


def test_the_cookie_of_production_is_bound_to_its_host(tmp_path: Path) -> None:
    site = create_app({"WTF_CSRF_ENABLED": False}, {**SAFE, "PORTAL_INSTANCE": str(tmp_path)})
    site.add_url_rule("/remember", "remember", public(_remember))
    home = "https://help.example.org"
    with site.app_context():
        migrations().upgrade(directory=str(MIGRATIONS))
    answer = site.test_client().get("/remember", base_url=home)
    cookie, *attributes = answer.headers["Set-Cookie"].split("; ")
    assert cookie.startswith("__Host-session=")
    assert set(attributes) == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


def test_rate_limits_are_shared_through_redis_where_its_package_is_there(tmp_path: Path) -> None:
    address = "redis://localhost:1/0"
    if find_spec("redis") is None:
        [line] = problems(tmp_path, PORTAL_REDIS_URL=address)
        assert line.startswith("PORTAL_REDIS_URL needs the Python package redis")
    else:
        create_app({}, {"PORTAL_INSTANCE": str(tmp_path), "PORTAL_REDIS_URL": address})
