"""A throwaway PostgreSQL for tests, in its own folder and on its own port; gone afterwards.

It listens on loopback alone and wants a password that nobody else has. It is as fast as it is
forgetful: nothing is written safely to disk. Never for data that anyone wants to keep.
"""

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "127.0.0.1",
    "max_connections": "100",
    "jit": "off",  # compiles queries that run once
    "log_min_messages": "fatal",
}
STARTS_WITHIN_SECONDS = 60  # a machine of two busy cores


def programs() -> Path | None:
    """The folder of initdb and postgres, newest first, or None. Debian keeps them off the PATH."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
        key=lambda folder: int(folder.parent.name) if folder.parent.name.isdigit() else 0,
        reverse=True,
    )
    on_path = shutil.which("initdb")
    folders = [*debian, *([Path(on_path).resolve().parent] if on_path else [])]
    return next((f for f in folders if (f / "initdb").exists() and (f / "postgres").exists()), None)


def _as_user() -> dict[str, Any]:
    """Who runs the server: ourselves, or (initdb refuses root) the user whom the package made."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": found.pw_uid, "group": found.pw_gid, "extra_groups": []}
    raise RuntimeError("PostgreSQL does not run as root, and there is no user postgres or nobody")


def _free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _initialise(folder: Path, where: Path, password: str, run_as: dict[str, Any]) -> Path:
    """A new cluster's data folder. Text sorts by code point, the same on every machine."""
    secret = folder / "password"
    secret.write_text(password)
    if run_as:
        os.chown(folder, run_as["user"], run_as["group"])
        os.chown(secret, run_as["user"], run_as["group"])
    data = folder / "data"
    command = [
        str(where / "initdb"),
        "-D",
        str(data),
        "-U",
        "portal",
        f"--pwfile={secret}",
        "--auth=scram-sha-256",
    ]
    command += ["--encoding=UTF8", "--locale=C", "--no-sync"]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False, **run_as)
    if done.returncode:
        sys.exit(f"initdb failed: {done.stderr.strip()}")
    return data


def _create_database(where: Path, port: int, password: str) -> None:
    """The database is there. Asks again until the server answers."""
    target = ["-h", "127.0.0.1", "-p", str(port), "-U", "portal"]
    environment = {**os.environ, "PGPASSWORD": password}
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while True:
        command = [str(where / "createdb"), *target, "portal_test"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        if not done.returncode:
            return
        if time.monotonic() > until:
            sys.exit(f"PostgreSQL did not start: {done.stderr.strip()}")
        time.sleep(0.1)


@contextmanager
def cluster(where: Path) -> Iterator[str]:
    """The URL of a running, empty database; stopped and removed at the end."""
    run_as, port, password = _as_user(), _free_port(), secrets.token_hex(16)
    with tempfile.TemporaryDirectory(prefix="portal-postgres-", ignore_cleanup_errors=True) as name:
        data = _initialise(Path(name), where, password, run_as)
        settings = [f"--{key}={value}" for key, value in FORGETFUL.items()]
        command = [str(where / "postgres"), "-D", str(data), "-p", str(port), "-k", name, *settings]
        # In a session of its own: Ctrl-C is for pytest, which still needs the database to end well.
        server = subprocess.Popen(
            command,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            **run_as,
        )
        try:
            _create_database(where, port, password)
            yield f"postgresql+psycopg://portal:{password}@127.0.0.1:{port}/portal_test"
        finally:
            server.send_signal(signal.SIGINT)  # its "fast" shutdown, which does not wait for open connections
            server.wait(30)
