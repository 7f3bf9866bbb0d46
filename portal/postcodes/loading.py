"""Loading postcodes: a source is read to its end, laid over what is known, and swapped in whole.

The file wins over the package, whichever came first, and what a file leaves open is kept as it was. Loading the same
again changes nothing. To begin anew, remove the folder.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from portal.errors import Refusal
from portal.postcodes import records as rec
from portal.postcodes import sources
from portal.postcodes.generations import Generation, Tables, alone, current, write
from portal.postcodes.layouts import tidy_name

_SHOWN = 20  # problems in the report's text


@dataclass(frozen=True)
class LoadReport:
    """What a load did.

    read: rows in the source. taken: rows that are now in force. added: postcodes not known before. elsewhere: rows
    of other authorities than those asked for. problem_count: all rows that could not be read; problems: the first
    thousand. known: postcodes on the site now. is_changed: False where all was as it is already.
    """

    read: int
    taken: int
    added: int
    elsewhere: int
    known: int
    is_changed: bool
    problem_count: int = 0
    problems: tuple[sources.Problem, ...] = ()

    def __str__(self) -> str:
        counts = f"{self.read:,} rows read, {self.taken:,} taken, {self.added:,} postcodes are new"
        lines = [f"{counts}; {self.known:,} are known now."]
        if not self.is_changed:
            lines.append("Nothing changed.")
        if self.elsewhere:
            lines.append(f"{self.elsewhere:,} rows are of other authorities.")
        if self.problem_count:
            lines.append(f"{self.problem_count:,} rows could not be read:")
            lines += [f"  {problem}" for problem in self.problems[:_SHOWN]]
            lines += ["  ..."] if self.problem_count > _SHOWN else []
        return "\n".join(lines)


def load(
    folder: Path,
    source: Path | None = None,
    areas: Collection[str] | None = None,
    progress: Callable[[str], None] = lambda words: None,
) -> LoadReport:
    """The folder knows what the source says, on top of what it knew.

    source: None for the whole UK from the postcode package, or a CSV or zip file. areas: codes of the only
    authorities whose rows are taken. Raises Refusal, with nothing changed, where the source cannot be read.
    """
    wanted = _checked(areas)
    with alone(folder):
        known = current(folder)
        tables = known.tables if known else Tables()
        gathering = sources.Gathering(rec.Codes(tables.authorities), rec.Codes(tables.wards), progress)
        if source is None:
            sources.read_package(gathering)
        else:
            sources.read_file(gathering, source)
        return _laid_over(folder, known, gathering, wanted, progress)


def _checked(areas: Collection[str] | None) -> frozenset[str] | None:
    wanted = frozenset(code.strip().upper() for code in areas or ())
    for code in sorted(wanted):
        if not rec.gss(code):
            raise Refusal(f"{code} is not an ONS code such as E08000009.", status=422)
    return wanted or None


def _laid_over(
    folder: Path,
    known: Generation | None,
    gathering: sources.Gathering,
    wanted: frozenset[str] | None,
    progress: Callable[[str], None],
) -> LoadReport:
    """What was gathered lies over what was known, and the folder points to both."""
    old, said = known.records() if known else rec.empty(), gathering.records()
    if not said["by_file"].any():
        said = rec.unspoken(said, old)
    new, told = rec.spread(said, old)
    filled = rec.filled(new, told)
    here = filled[_in(filled, gathering.authorities, wanted)]
    result = rec.over(here, told)
    progress(f"{len(result):,} rows to write")
    is_changed = bool(len(result)) and write(
        folder, *_tidied(result, gathering, known.tables if known else Tables())
    )
    before, after = len(np.unique(old["key"])), len(np.unique(result["key"]))
    return LoadReport(
        read=gathering.rows_read,
        taken=len(here) + len(said) - len(new),
        added=after - before,
        elsewhere=len(filled) - len(here),
        known=after,
        is_changed=is_changed,
        problem_count=gathering.problem_count,
        problems=tuple(gathering.problems),
    )


def _in(rows: rec.Records, authorities: rec.Codes, wanted: frozenset[str] | None) -> NDArray[np.bool_]:
    """Which rows are of the wanted authorities; all if none is named."""
    if wanted is None:
        return np.ones(len(rows), dtype=bool)
    known = np.array([code in wanted for code in authorities.codes], dtype=bool)
    kept: NDArray[np.bool_] = known[rows["authority"]]
    return kept


def _tidied(rows: rec.Records, gathering: sources.Gathering, before: Tables) -> tuple[rec.Records, Tables]:
    """Rows and tables with only those codes and names that are in use, in an order that depends on nothing else."""
    authorities, rows["authority"] = gathering.authorities.tidied(rows["authority"])
    wards, rows["ward"] = gathering.wards.tidied(rows["ward"])
    within = {
        code: around for code, around in sorted({**before.within, **gathering.within()}.items()) if around
    }
    within = {code: around for code, around in within.items() if code in authorities.codes}
    used = {*authorities.codes, *wards.codes, *chain.from_iterable(within.values())}
    names = {
        code: tidy_name(name) for code, name in {**before.names, **gathering.names}.items() if code in used
    }
    ordered = rows[rec.sorted_rows(rows)]
    return ordered, Tables(authorities.codes, wards.codes, dict(sorted(names.items())), within)
