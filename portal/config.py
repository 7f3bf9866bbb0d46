"""Every setting of the site: typed, from the environment, with words for docs/operating.md.

Development needs none of them. The site is in production when PORTAL_MODE says so, or when its own address
(PORTAL_BASE_URL) is https; there it refuses to start with a setting that would not be safe.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from portal import govuk_notify
from portal.errors import Misconfigured


@dataclass(frozen=True)
class Setting:
    """One environment variable: what it is for, and what holds when it is not set."""

    name: str
    default: str
    says: str


SETTINGS = (
    Setting("PORTAL_MODE", "", "development or production. Empty: production when PORTAL_BASE_URL is https."),
    Setting(
        "PORTAL_SECRET_KEY",
        "",
        "Signs cookies and forms. At least 32 characters, kept secret. Development "
        "makes its own in the instance folder.",
    ),
    Setting(
        "PORTAL_DATABASE_URL",
        "",
        "Where the data is: sqlite:///path or postgresql://… Empty: instance/portal.db.",
    ),
    Setting(
        "PORTAL_MIGRATE_DATABASE_URL",
        "",
        "PostgreSQL only: the role that owns the tables, used by "
        "`portal db upgrade`. Empty: the same as PORTAL_DATABASE_URL.",
    ),
    Setting("PORTAL_SEARCH", "whoosh", "The search engine: whoosh (embedded)."),
    Setting(
        "PORTAL_MAIL_URL",
        "",
        "How mail leaves: file:FOLDER, smtp://user:password@host:port (smtps:// for "
        "TLS from the start), or notify:API-KEY?template=ID by GOV.UK Notify. Empty: files in instance/mail.",
    ),
    Setting("PORTAL_MAIL_FROM", "no-reply@example.org", "The sender of all mail."),
    Setting(
        "PORTAL_REDIS_URL",
        "",
        "Shares rate limits between processes: redis://… Empty: each process counts for itself.",
    ),
    Setting("PORTAL_BASE_URL", "http://localhost:5000", "The site's own address."),
    Setting("PORTAL_TRUSTED_PROXIES", "0", "How many proxies of your own stand before the site."),
    Setting(
        "PORTAL_MAP_TILES_URL",
        "",
        "A tile server of your own for the map's background. Nothing reads it yet: the map is "
        "drawn by the site and asks nobody.",
    ),
    Setting(
        "PORTAL_FETCH_ALLOW",
        "",
        "Development and tests only: hosts that the site may ask besides public addresses: importers of feeds, "
        "sign-in services, and the check of links.",
    ),
    Setting(
        "PORTAL_INSTANCE",
        "",
        "Folder for the embedded database, search index, postcodes and mail. Empty: "
        "instance/ beside the program.",
    ),
)


def _secret(instance: Path) -> str:
    """A secret of this machine's own, made once: sessions outlive a restart in development."""
    file = instance / "secret-key"
    if not file.exists():
        instance.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(48))
    return file.read_text().strip()


def from_environment(environ: Mapping[str, str], root: Path) -> dict[str, Any]:
    """Flask configuration from environment variables. root: the folder that holds wsgi.py.

    Raises Misconfigured, naming each setting that is unsafe, when the site is in production.
    """
    known = {setting.name: environ.get(setting.name, setting.default) for setting in SETTINGS}
    instance = Path(known["PORTAL_INSTANCE"] or root / "instance").resolve()
    production = known["PORTAL_MODE"] == "production" or (not known["PORTAL_MODE"] and _is_https(known))
    problems = _problems(known, production)
    if problems:
        raise Misconfigured("The site cannot start:\n- " + "\n- ".join(problems))
    database = known["PORTAL_DATABASE_URL"] or f"sqlite:///{instance / 'portal.db'}"
    return {
        "PRODUCTION": production,
        "SECRET_KEY": known["PORTAL_SECRET_KEY"] or _secret(instance),
        "SQLALCHEMY_DATABASE_URI": _with_driver(database),
        "MIGRATE_DATABASE_URI": _with_driver(known["PORTAL_MIGRATE_DATABASE_URL"] or database),
        "SEARCH": known["PORTAL_SEARCH"],
        "MAIL_URL": known["PORTAL_MAIL_URL"] or f"file:{instance / 'mail'}",
        "MAIL_FROM": known["PORTAL_MAIL_FROM"],
        "REDIS_URL": known["PORTAL_REDIS_URL"],
        "BASE_URL": known["PORTAL_BASE_URL"].rstrip("/"),
        "TRUSTED_PROXIES": int(known["PORTAL_TRUSTED_PROXIES"]),
        "MAP_TILES_URL": known["PORTAL_MAP_TILES_URL"],
        "FETCH_ALLOW": tuple(known["PORTAL_FETCH_ALLOW"].split()),
        "INSTANCE": instance,
        "CONTENT": root / "content",
        # A request is words and small forms; files have their own limit where they are taken.
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 500_000,
        "SESSION_COOKIE_NAME": "__Host-session" if production else "session",
        "SESSION_COOKIE_SECURE": production,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "WTF_CSRF_TIME_LIMIT": None,
        "BABEL_DEFAULT_LOCALE": "en_GB",
        "BABEL_DEFAULT_TIMEZONE": "Europe/London",
        "BABEL_TRANSLATION_DIRECTORIES": str(root / "translations"),
    }


def _is_https(known: Mapping[str, str]) -> bool:
    """Whether the site's own address is https, however it is written."""
    return known["PORTAL_BASE_URL"].lower().startswith("https://")


def _with_driver(url: str) -> str:
    """The database address with psycopg 3 named, which is the driver that the lock file installs."""
    for short in ("postgresql://", "postgres://"):
        if url.startswith(short):
            return "postgresql+psycopg://" + url.removeprefix(short)
    return url


def _is_known_database(url: str) -> bool:
    """Whether it is the address of one of the two databases that the site knows, or of none."""
    return not url or _with_driver(url).startswith(("sqlite:", "postgresql+psycopg:"))


def _problems(known: Mapping[str, str], production: bool) -> list[str]:
    """What is wrong with the settings, one sentence each."""
    mail = known["PORTAL_MAIL_URL"]
    rules = [
        (
            known["PORTAL_MODE"] in ("", "development", "production"),
            "PORTAL_MODE must be development or production.",
        ),
        (known["PORTAL_SEARCH"] == "whoosh", "PORTAL_SEARCH must be whoosh: no other engine is installed."),
        (known["PORTAL_TRUSTED_PROXIES"].isdecimal(), "PORTAL_TRUSTED_PROXIES must be a whole number."),
        (
            not mail or mail.startswith(("file:", "smtp://", "smtps://", "notify:")),
            "PORTAL_MAIL_URL must start with file:, smtp://, smtps:// or notify:.",
        ),
        (
            not mail.startswith("notify:") or govuk_notify.is_whole(mail),
            "PORTAL_MAIL_URL needs a whole API key and a template: notify:API-KEY?template=ID.",
        ),
    ]
    rules.append(
        (
            not known["PORTAL_REDIS_URL"] or find_spec("redis") is not None,
            "PORTAL_REDIS_URL needs the Python package redis, which the lock file does not bring.",
        )
    )
    rules += [
        (_is_known_database(known[name]), f"{name} must start with sqlite:/// or postgresql://.")
        for name in ("PORTAL_DATABASE_URL", "PORTAL_MIGRATE_DATABASE_URL")
    ]
    if production:
        rules += [
            (
                len(known["PORTAL_SECRET_KEY"]) >= 32,
                "PORTAL_SECRET_KEY needs at least 32 characters in production.",
            ),
            (
                _is_https(known),
                "PORTAL_BASE_URL must be the site's https address in production.",
            ),
            (
                mail != "" and not mail.startswith("file:"),
                "PORTAL_MAIL_URL must send real mail in production, not write files.",
            ),
            (not known["PORTAL_FETCH_ALLOW"], "PORTAL_FETCH_ALLOW must be empty in production."),
        ]
    return [words for holds, words in rules if not holds]
