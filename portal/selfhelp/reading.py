"""Conversations read from YAML 1.2, with the line and what to do where that cannot be done."""

from collections.abc import Iterator, Mapping
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from portal.selfhelp.conversation import (
    FIRST,
    Condition,
    Conversation,
    Evidence,
    Example,
    Option,
    Page,
    Question,
    Rule,
    Shown,
    Unreadable,
)

COMPARE = "Compare it with the lines around it."
# Parts of a file: ten times the longest conversation that anybody would walk through.
MOST_PARTS = 100_000


def tree(text: str) -> Any:
    """What the YAML says, with lines kept (ruamel's round-trip types). Raises Unreadable."""
    try:
        return _sized(YAML(typ="rt").load(text))
    except MarkedYAMLError as error:
        mark = error.problem_mark
        problem = str(error.problem)
        words = f"{problem[:1].upper()}{problem[1:]}. {COMPARE}"
        raise Unreadable(words, mark.line + 1 if mark else None) from None
    except (YAMLError, ValueError) as error:  # a date such as 2026-13-01 is a ValueError
        raise Unreadable(f"{error}. Compare it with another conversation.") from None


def _sized(found: Any) -> Any:
    """The tree, where it is of a size that people write. Aliases can make a short text endless."""
    ahead, count = [found], 0
    while ahead:
        node = ahead.pop()
        count += 1
        if count > MOST_PARTS:
            raise Unreadable(
                "This is far longer than a conversation. Part it in two, and use no aliases (*name)."
            )
        ahead += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return found


def read(text: str) -> Conversation:
    """The conversation that the text says. Raises Unreadable where a part is missing or of another shape.

    It reads what the linter would refuse (a rule about no question), as long as the shape is right: the linter says
    more than one thing at a time.
    """
    return from_tree(tree(text))


def from_tree(row: Any) -> Conversation:
    """The same, from what `tree` gave."""
    if not isinstance(row, dict):
        raise Unreadable("A conversation begins with “id: ”, “title: ” and so on.", 1)
    return Conversation(
        id=_text(row, "id"),
        version=_text(row, "version", "1.0"),
        title=_text(row, "title"),
        audience=_several(row.get("audience")) or ("me",),
        minutes=int(_number(row, "minutes", 10) or 10),
        review={str(name): str(day) for name, day in _parts(row, "review").items()},
        pages=tuple(_page(page) for page in _rows(row, "pages")),
        rules=tuple(_rule(rule) for rule in _rows(row, "recommend")),
        otherwise=_shown(_parts(row, "otherwise")),
        examples=tuple(_example(example) for example in _rows(row, "examples", needed=False)),
        summary=_text(row, "summary", ""),
        order=_number(row, "order", 100) or 100,
        choosing=_text(row, "choosing", ""),
    )


def _page(row: Any) -> Page:
    questions = tuple(_question(question) for question in _rows(row, "questions"))
    return Page(_text(row, "id"), _text(row, "title", ""), questions)


def _question(row: Any) -> Question:
    easy = row.get("easy_read") or {}
    return Question(
        id=_text(row, "id"),
        type=_text(row, "type"),
        ask=_text(row, "ask"),
        ask_about=_text(row, "ask_about", ""),
        help=_text(row, "help", ""),
        help_about=_text(row, "help_about", ""),
        easy_read=_text(easy, "text", ""),
        picture=_text(easy, "picture", ""),
        sensitive=row.get("sensitive") is True,
        options=tuple(_option(option) for option in _rows(row, "options", needed=False)),
        show_if=condition(row["show_if"]) if row.get("show_if") else None,
        least=_number(row, "least"),
        most=_number(row, "most"),
    )


def _option(row: Any) -> Option:
    return Option(
        id=_text(row, "id"),
        label=_text(row, "label"),
        label_about=_text(row, "label_about", ""),
        strength=row.get("strength") is True,
        exclusive=row.get("exclusive") is True,
    )


def _rule(row: Any) -> Rule:
    evidence = row.get("evidence") or {}
    return Rule(
        id=_text(row, "id"),
        title=_text(row, "title", ""),
        text=_text(row, "text", ""),
        when=condition(_need(row, "when")),
        shown=_shown(_parts(row, "show")),
        because=_text(row, "because", ""),
        evidence=Evidence(
            _text(evidence, "source", ""),
            _text(evidence, "url", ""),
            _text(evidence, "checked", ""),
            _text(evidence, "added", ""),
        ),
        is_urgent=row.get("priority") == FIRST,
    )


def _shown(row: Any) -> Shown:
    searches = row.get("search") or ()
    if isinstance(searches, dict):
        searches = (searches,)
    if isinstance(searches, str) or not all(isinstance(search, dict) for search in searches):
        raise Unreadable("A search says what is looked for, such as {category: sight}.", _line(row))
    return Shown(
        equipment=_several(row.get("equipment")),
        articles=_several(row.get("article")),
        conversations=_several(row.get("conversation")),
        searches=tuple({str(kind): str(key) for kind, key in search.items()} for search in searches),
    )


def _example(row: Any) -> Example:
    answers = {
        str(key): tuple(map(str, said)) if isinstance(said, list) else str(said)
        for key, said in _parts(row, "answers").items()
    }
    return Example(
        _text(row, "name"),
        _text(row, "about", ""),
        answers,
        _several(row.get("expect")),
        _several(row.get("never")),
    )


def condition(row: Any) -> Condition:
    """The condition that a part of the YAML says: {q, in}, or all, any, not. Raises Unreadable."""
    if isinstance(row, dict) and "q" in row:
        values = row.get("in")
        return Condition("in", str(row["q"]), frozenset(_several(values)))
    for kind in ("all", "any", "not"):
        if isinstance(row, dict) and kind in row:
            parts = row[kind] if isinstance(row[kind], list) else [row[kind]]
            if kind == "not" and len(parts) != 1:
                raise Unreadable("“not” takes one condition. Put several under any.", _line(row))
            return Condition(kind, of=tuple(condition(part) for part in parts))
    raise Unreadable(
        "A condition says {q: question, in: [option]}, or begins with all, any or not.", _line(row)
    )


def _several(value: Any) -> tuple[str, ...]:
    """One or several of something, always as several."""
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _parts(row: Any, name: str) -> Mapping[Any, Any]:
    """A part that has parts of its own; none where it is not there."""
    value = row.get(name) or {}
    if not isinstance(value, dict):
        raise Unreadable(f"“{name}” has parts, each with its name and a colon.", _line(row))
    return value


def _rows(row: Any, name: str, needed: bool = True) -> Iterator[Any]:
    rows = _need(row, name) if needed else row.get(name) or []
    if not isinstance(rows, list):
        raise Unreadable(f"“{name}” is a list: each of its rows begins with a dash.", _line(row))
    for each in rows:
        if not isinstance(each, dict):
            raise Unreadable(f"Each row of “{name}” has parts, such as “id: ”.", _line(row))
        yield each


def _need(row: Any, name: str) -> Any:
    if not isinstance(row, dict) or row.get(name) is None:
        raise Unreadable(f"“{name}” is missing here. Add it.", _line(row))
    return row[name]


def _text(row: Any, name: str, otherwise: str | None = None) -> str:
    if not isinstance(row, dict):
        raise Unreadable(f"Something with “{name}” is expected here.", _line(row))
    if row.get(name) is None:
        if otherwise is None:
            raise Unreadable(f"“{name}” is missing here. Add it.", _line(row))
        return otherwise
    if isinstance(row[name], dict | list):
        raise Unreadable(
            f"“{name}” is a line of text. Put it into quotes if it has a colon or a comma.", _line(row)
        )
    return str(row[name])


def _number(row: Any, name: str, otherwise: int | None = None) -> int | None:
    value = row.get(name, otherwise)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Unreadable(f"“{name}” is a whole number.", _line(row))
    return int(value)


def _line(row: Any) -> int | None:
    """The line that a part of the tree begins at, from 1."""
    at = getattr(row, "lc", None)
    return at.line + 1 if at is not None and at.line is not None else None
