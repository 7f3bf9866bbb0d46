"""Says whether HTML is valid, by the npm package html-validate and its rules from the HTML standard.

One process answers for the whole run: starting Node for each page would take longer than the checking.
"""

import atexit
import json
import subprocess
from functools import cache
from pathlib import Path

import playwright

ROOT = Path(__file__).resolve().parent.parent
# The Node inside Playwright: the same version on every machine, and always there when tests are.
NODE = Path(playwright.__file__).parent / "driver" / "node"
SCRIPT = Path(__file__).with_name("html_validate.mjs")


@cache
def _validator() -> "subprocess.Popen[str]":
    """The running validator; it ends with this process."""
    process = subprocess.Popen(
        [str(NODE), str(SCRIPT)], cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    atexit.register(_end, process)
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    """The validator has ended, and its pipes are closed."""
    with process:
        if process.stdin:
            process.stdin.close()


def validate(html: str) -> list[str]:
    """Every problem of a whole page, in words with its line; empty when the page is valid."""
    process = _validator()
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(json.dumps(html) + "\n")
    process.stdin.flush()
    answer = process.stdout.readline()
    if not answer:
        raise RuntimeError("html-validate ended; is node_modules there? (make dev-assets)")
    problems: list[str] = json.loads(answer)
    return problems
