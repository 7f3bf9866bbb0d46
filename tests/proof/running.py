"""Trying cases in several processes, and keeping each result as soon as it is there."""

import hashlib
import json
import multiprocessing
import shutil
import signal
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import ExitStack
from dataclasses import asdict
from multiprocessing.util import Finalize
from pathlib import Path

from tests.proof.pages import PAGES
from tests.proof.parts import Part, Result, Try

ROOT = Path(__file__).resolve().parent.parent.parent
# What a proof is made of. What is to come is one more part.
PARTS = {part.name: part for part in (PAGES,)}
# What a result depends on: a change in any of it, and all is tried anew.
DEPENDS_ON = ("portal", "content", "tests/pages", "tests/proof", "tests")
_LEFT_OUT = ("/vendor/", "__pycache__")


def state_of_things() -> str:
    """A hash of the code, templates, styles, scripts, content and checks."""
    sum_ = hashlib.sha256()
    for name in DEPENDS_ON:
        # Of the tests' own folder only what stands in it: other tests change nothing here.
        paths = (ROOT / name).glob("*") if name == "tests" else (ROOT / name).rglob("*")
        for path in sorted(paths):
            if path.is_file() and not any(part in str(path) for part in _LEFT_OUT):
                sum_.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()[:12]


class Results:
    """The results so far, in a file that only grows."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text().splitlines(keepends=True) if path.exists() else []
        whole = [line for line in lines if line.endswith("\n")]
        if len(whole) < len(lines):  # it was stopped in the middle of writing; that case is tried again
            path.write_text("".join(whole))
        self.done = {(r.part, r.case): r for r in (Result(**json.loads(line)) for line in whole)}

    def add(self, result: Result) -> None:
        """The result is kept, whatever happens next."""
        self.done[result.part, result.case] = result
        with self.path.open("a") as file:
            file.write(json.dumps(asdict(result), ensure_ascii=False) + "\n")

    def problems(self) -> list[Result]:
        """The results that found something."""
        return [result for result in self.done.values() if result.problems]


# What a process that tries cases holds: each part set up once, and ended with the process.
_stack = ExitStack()
_ready: dict[str, Try] = {}


def _begin_process() -> None:
    """Ctrl-C is for the one who hands out cases; a process finishes its own, and ends what it started."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Finalize(None, _stack.close, exitpriority=1)


def attempt(part_name: str, case: str, folder: Path) -> Result:
    """Try one case, in a process of the pool. A check that fails to run is a problem too."""
    part = PARTS[part_name]
    started = time.monotonic()
    try:
        if part_name not in _ready:
            _ready[part_name] = _stack.enter_context(part.trying(folder))
        problems = _ready[part_name](case)
    except Exception as error:  # noqa: BLE001 - the run goes on, and the report names it
        problems = [f"the check itself failed: {type(error).__name__}: {str(error)[:500]}"]
    return Result(part_name, case, problems, round(time.monotonic() - started, 1))


def prepared(part: Part, folder: Path) -> Path:
    """What the part's cases share, filled once."""
    where = folder / part.name
    for old in set(folder.parent.glob("prepared-*")) - {folder}:
        shutil.rmtree(old)
    if not where.exists():
        print(f"Preparing {part.name}", flush=True)
        half = folder / f"{part.name}.half"
        shutil.rmtree(half, ignore_errors=True)  # from a run that was stopped here
        half.mkdir(parents=True)
        part.prepare(half)
        half.rename(where)
    return where


def run(part: Part, results: Results, wanted: Sequence[str], folder: Path, workers: int) -> None:
    """Every wanted case that has no result yet is tried."""
    cases = [case for case in wanted if (part.name, case) not in results.done]
    print(f"{part.name}: {len(wanted) - len(cases)} of {len(wanted)} cases are done already", flush=True)
    if not cases:
        return
    shared, started = prepared(part, folder), time.monotonic()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, spawn, initializer=_begin_process) as pool:
        waiting = [pool.submit(attempt, part.name, case, shared) for case in cases]
        try:
            for count, future in enumerate(as_completed(waiting), 1):
                results.add(future.result())
                left = (time.monotonic() - started) / count * (len(cases) - count) / 60
                tell(future.result(), f"{count}/{len(cases)}, {left:.0f} minutes left")
        except KeyboardInterrupt:
            print("Stopping; the cases at hand are tried again next time", flush=True)
            pool.shutdown(cancel_futures=True)
            raise


def tell(result: Result, progress: str) -> None:
    """One line for the one who waits."""
    found = f"{len(result.problems)} PROBLEMS" if result.problems else "all is well"
    print(f"  {progress}: {result.case}: {found} ({result.seconds:g} s)", flush=True)
