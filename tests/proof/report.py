"""What was found, for people and for programs."""

import json
from dataclasses import asdict
from pathlib import Path

from tests.proof.running import PARTS, Results


def report(results: Results, state: str) -> str:
    """The report, for people."""
    lines = ["# Proof", "", f"State of code and content: `{state}`.", ""]
    lines += ["| part | cases | tried | with problems | minutes |", "|---|---|---|---|---|"]
    for part in PARTS.values():
        tried = [result for result in results.done.values() if result.part == part.name]
        bad = sum(bool(result.problems) for result in tried)
        minutes = sum(result.seconds for result in tried) / 60
        lines.append(f"| {part.name} | {len(part.cases)} | {len(tried)} | {bad} | {minutes:.0f} |")
    lines += [f"\n**{part.name}**: {part.says.strip()}" for part in PARTS.values()]
    for result in sorted(results.problems(), key=lambda one: (one.part, one.case)):
        lines += ["", f"## {result.part}: {result.case}", "", *(f"- {_code(p)}" for p in result.problems)]
    lines += [] if results.problems() else ["", "No problem was found in what was tried."]
    return "\n".join(lines) + "\n"


def _code(text: str) -> str:
    """Text that is shown as it is, on one line."""
    return f"`{' '.join(text.split()).replace('`', '´')}`"


def write(results: Results, state: str, folder: Path) -> None:
    """The reports are in the folder."""
    (folder / "report.md").write_text(report(results, state))
    found = [asdict(result) for result in results.done.values()]
    (folder / "report.json").write_text(
        json.dumps({"state": state, "results": found}, ensure_ascii=False, indent=1)
    )
