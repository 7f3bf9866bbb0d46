"""Counting the SQL statements of a page, and doing something between two of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from portal.db import db

_OURS = ("BEGIN", "PRAGMA", "SET TRANSACTION", "SAVEPOINT", "ROLLBACK")


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that the block sends to the database, without those that open and close transactions."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(_OURS):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def before_statement(number: int, act: Callable[[], None]) -> Iterator[list[str]]:
    """Just before the block's statement of this number something is done, once; [] if the block sent fewer."""
    done: list[str] = []
    count = 0

    def look(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        nonlocal count
        if statement.startswith(_OURS) or done:
            return
        if count == number:
            done.append(statement)
            act()
        count += 1

    event.listen(db.engine, "before_cursor_execute", look)
    try:
        yield done
    finally:
        event.remove(db.engine, "before_cursor_execute", look)
