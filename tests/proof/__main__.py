"""The long run of every check: `python -m tests.proof [--part NAME] [--only WORDS] [--workers 2]`.

It goes on where it was stopped: each result is written as soon as it is there, into build/proof/, under a hash of all
that could change it. The report (report.md, and report.json for programs) tells of the results so far. Ends with 1
when there is a problem.
"""

import argparse
import os
import signal
import sys

from tests.proof import report
from tests.proof.running import PARTS, ROOT, Results, run, state_of_things
from tools import run_tests

BUILD = ROOT / "build" / "proof"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.proof", description=__doc__)
    parser.add_argument("--part", choices=sorted(PARTS), help="only this part")
    parser.add_argument("--only", default="", help="only cases with these words in their names")
    parser.add_argument("--workers", type=int, default=min(2, os.cpu_count() or 1))
    parser.add_argument("--again", action="store_true", help="forget earlier results of this state")
    return parser.parse_args()


def main() -> int:
    """1 when there is a problem."""
    wanted = _arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a polite end, as by Ctrl-C
    told = run_tests.tell_browser()
    if "TEST_NO_CHROMIUM" in told:
        print(told["TEST_NO_CHROMIUM"])
        return 1
    os.environ.update(told)
    state = state_of_things()
    BUILD.mkdir(parents=True, exist_ok=True)
    results = Results(BUILD / f"results-{state}.jsonl")
    if wanted.again:
        results.path.unlink(missing_ok=True)
        results = Results(results.path)
    try:
        for part in PARTS.values():
            if wanted.part in (None, part.name):
                cases = [case for case in part.cases if wanted.only in case]
                run(part, results, cases, BUILD / f"prepared-{state}", wanted.workers)
    except KeyboardInterrupt:
        return 130  # as a shell says it
    finally:
        report.write(results, state, BUILD)
        print(f"The report is in {(BUILD / 'report.md').relative_to(ROOT)}")
    return int(bool(results.problems()))


if __name__ == "__main__":
    sys.exit(main())
