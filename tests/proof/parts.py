"""What a proof is made of: parts, each with cases that are tried one by one and may be found wanting.

A part that is to come (storms on the ledger, crash rounds) is one more `Part` in __main__.PARTS.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

# A case by its name -> every problem it shows, in words; none when all is well.
Try = Callable[[str], list[str]]


@dataclass(frozen=True)
class Part:
    """Cases that share what takes long to set up.

    prepare: fills a folder that is shared by all processes, once.  trying: in a process, from that folder, gives the
    way to try a case; it ends what it started.
    """

    name: str
    says: str
    cases: Sequence[str]
    prepare: Callable[[Path], None]
    trying: Callable[[Path], AbstractContextManager[Try]]


@dataclass(frozen=True)
class Result:
    """What became of a case."""

    part: str
    case: str
    problems: list[str]
    seconds: float
