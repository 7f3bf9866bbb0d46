"""Runs every test with what the tests need beside Python: `python -m tools.run_tests [pytest's arguments]`.

Without arguments two processes share the work; whoever names tests, to look at some of them, gets one.

Chromium and PostgreSQL come from the system's packages where this user may install them. What is not
to be had is said in one line, and its tests are skipped with that reason; with CI=true that is a failure.
What the tests read: TEST_CHROMIUM, TEST_DATABASE_URL, and TEST_NO_CHROMIUM, TEST_NO_POSTGRES (reasons).
"""

import os
import shutil
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import FrameType
from typing import NoReturn

from tools import postgres

CI = os.environ.get("CI") == "true"
# Two: half of all the time is a browser's, and more of them than cores would be slow enough to fail.
TOGETHER = ["-n", "2", "--dist", "worksteal"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def chromium() -> str | None:
    """A Chromium that starts, or None. Ubuntu's package may be a stub that only names a snap."""
    named = os.environ.get("TEST_CHROMIUM")
    for name in [named] if named else BROWSERS:
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0:
            return path
    return None


def _apt() -> list[str] | None:
    """How this user may install packages, or None when they may not."""
    if not shutil.which("apt-get"):
        return None
    if os.geteuid() == 0:
        return ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    sudo = shutil.which("sudo")
    allowed = sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0
    return ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"] if allowed else None


def install(package: str) -> str:
    """'' when the system's package is installed, else why not, in words."""
    apt = _apt()
    if apt is None:
        return f"not installed, and this user may not install it (Debian's package {package})"
    print(f"Installing {package} from the system's packages", flush=True)
    wait = ["-o", "DPkg::Lock::Timeout=300", "-qq", "-y"]
    subprocess.run([*apt, *wait, "update"], capture_output=True, check=False)
    command = [*apt, *wait, "install", "--no-install-recommends", package]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    last = (done.stderr.strip() or "apt-get failed").splitlines()[-1]
    return f"apt-get could not install it: {last}" if done.returncode else ""


def tell_browser() -> dict[str, str]:
    """Where Chromium is, or why there is none."""
    why_not = "" if chromium() else install("chromium")
    found = chromium()
    if found:
        return {"TEST_CHROMIUM": found}
    return {"TEST_NO_CHROMIUM": f"Chromium: {why_not or 'does not start'}"}


def _tell_database(stack: ExitStack) -> dict[str, str]:
    """Where PostgreSQL listens, or why there is none. The stack ends what was started."""
    if os.environ.get("TEST_DATABASE_URL"):
        return {}
    why_not = "" if postgres.programs() else install("postgresql")
    found = postgres.programs()
    if found:
        return {"TEST_DATABASE_URL": stack.enter_context(postgres.cluster(found))}
    return {"TEST_NO_POSTGRES": f"PostgreSQL: {why_not or 'initdb was not found'}"}


def _stop(signum: int, frame: FrameType | None) -> NoReturn:
    """A polite end, so that the database is stopped and its folder removed."""
    sys.exit(128 + signum)


def main() -> int:
    """Pytest's own exit code; 1 when CI lacks something."""
    signal.signal(signal.SIGTERM, _stop)
    with ExitStack() as stack:
        told = tell_browser() | _tell_database(stack)
        reasons = [told[name] for name in ("TEST_NO_CHROMIUM", "TEST_NO_POSTGRES") if name in told]
        for reason in reasons:
            print(f"{'Missing' if CI else 'Left out'}: {reason}", flush=True)
        if reasons and CI:
            return 1
        pytest = Path(sys.executable).with_name("pytest")
        arguments = sys.argv[1:] or TOGETHER
        done = subprocess.run([str(pytest), *arguments], env={**os.environ, **told}, check=False)
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
