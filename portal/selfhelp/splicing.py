"""Text of YAML in which single parts change, and not a letter of the rest: comments, order and quotes stay.

A writer that goes through a tree and back lays everything out anew, and a colleague who compares two versions sees
changes that nobody made. So the parser only says where each part stands, and the text is cut there.
"""

import datetime as dt
import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from yaml import MappingNode, Node, ScalarNode, SequenceNode

from portal.selfhelp.conversation import Unreadable

# Only places are asked of it, not what words mean (there YAML 1.1 and 1.2 differ), and it is twenty times as fast.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# What a part is written from: text, a number, yes; a list; names and values.
Row = Mapping[str, Any]


def root(text: str) -> MappingNode:
    """The whole text as parts. Raises Unreadable where it is none, or cannot be cut safely."""
    try:
        node = yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise Unreadable("This text is no YAML any more. Mend it as text.") from None
    if not isinstance(node, MappingNode):
        raise Unreadable("A conversation begins with “id: ”, “title: ” and so on.")
    if _ALIAS.search(text) and _has_alias(text):
        raise Unreadable("This text uses & and * to say things once. Change it as text.")
    return node


_ALIAS = re.compile(r"[&*][\w-]")


def _has_alias(text: str) -> bool:
    return any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_LOADER))


def value(node: Node | None, *path: str) -> Node | None:
    """What stands under these keys, one below the other; None where there is nothing."""
    for name in path:
        if not isinstance(node, MappingNode):
            return None
        node = next((part for key, part in node.value if key.value == name), None)
    return node


def rows(node: Node | None) -> list[Node]:
    """The rows of a list; none where it is no list."""
    return list(node.value) if isinstance(node, SequenceNode) else []


def text_of(node: Node | None, *path: str) -> str:
    """The words that stand under these keys; "" where there are none."""
    found = value(node, *path)
    return str(found.value) if isinstance(found, ScalarNode) else ""


# Words as YAML


def scalar(words: Any, *, flow: bool) -> str:
    """A text, a number or yes as it is written: in quotes only where it must be."""
    if isinstance(words, bool):
        return "true" if words else "false"
    if isinstance(words, int | dt.date):
        return str(words)
    line = plain(str(words))
    return line if _stands_plain(line, flow=flow) else json.dumps(line, ensure_ascii=False)


def plain(words: Any) -> Any:
    """A text on one line, without signs that cannot be seen; anything else as it would be read."""
    if isinstance(words, bool):
        return "true" if words else "false"
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(words)).split())


def _stands_plain(words: str, *, flow: bool) -> bool:
    """Whether the words need no quotes: read back, they are the same text."""
    around = f"{{a: {words}, b: c}}" if flow else f"a: {words}\n"
    try:
        read = YAML(typ="safe", pure=True).load(around)
    except YAMLError:
        return False
    return bool(read == ({"a": words, "b": "c"} if flow else {"a": words}))


def flow(thing: Any) -> str:
    """Anything on one line."""
    if isinstance(thing, Mapping):
        return "{" + ", ".join(f"{key}: {flow(part)}" for key, part in thing.items()) + "}"
    if isinstance(thing, list | tuple):
        return "[" + ", ".join(flow(part) for part in thing) + "]"
    return scalar(thing, flow=True)


def block(row: Row, indent: int = 0) -> str:
    """Names and values on lines of their own, without a line break at the end; the first line is not indented.

    Rows in a list stand on one line each, but those that have lists in them.
    """
    lines = []
    for key, part in row.items():
        if isinstance(part, list | tuple) and part and isinstance(part[0], Mapping):
            lines += [f"{key}:", *(f"- {_item(each, indent + 2)}" for each in part)]
        else:
            shown = flow(part) if isinstance(part, Mapping | list | tuple) else scalar(part, flow=False)
            lines.append(f"{key}: {shown}")
    return f"\n{' ' * indent}".join(lines)


def _item(row: Row, indent: int) -> str:
    deep = "ask" in row or "questions" in row or "when" in row
    return block(row, indent) if deep else flow(row)


# Where parts stand


def span(text: str, node: Node) -> tuple[int, int]:
    """From where to where a part stands; line breaks and comments after it are not part of it."""
    begin = node.start_mark.index
    return begin, max(begin, _end(text, node))


def _end(text: str, node: Node) -> int:
    if not isinstance(node, MappingNode | SequenceNode) or node.flow_style:
        begin, end = node.start_mark.index, node.end_mark.index
        while end > begin and text[end - 1] in "\n ":
            end -= 1
        return int(end)
    parts = [each for pair in node.value for each in pair] if isinstance(node, MappingNode) else node.value
    return max((_end(text, part) for part in parts), default=node.start_mark.index)


def _line_begin(text: str, at: int) -> int:
    return text.rfind("\n", 0, at) + 1


def _line_end(text: str, at: int) -> int:
    """The place after the line break of the line that `at` stands in."""
    found = text.find("\n", at)
    return len(text) if found < 0 else found + 1


def _dash(text: str, item: Node) -> int:
    return text.rfind("-", 0, item.start_mark.index)


def extents(text: str, items: Sequence[Node]) -> list[tuple[int, int]]:
    """From where to where each row of a block list stands, whole lines; comments above a row go with it."""
    found: list[tuple[int, int]] = []
    for item in items:
        begin, end = _line_begin(text, _dash(text, item)), _line_end(text, span(text, item)[1])
        floor = found[-1][1] if found else 0
        while begin > floor and text[_line_begin(text, begin - 1) : begin].lstrip().startswith(("#", "\n")):
            begin = _line_begin(text, begin - 1)
        found.append((found[-1][1] if found else begin, end))
    return found


# Changes


def cut(text: str, begin: int, end: int, words: str = "") -> str:
    """The text with other words from here to there."""
    return text[:begin] + words + text[end:]


def with_value(text: str, row: MappingNode, key: str, new: Any, order: Sequence[str] = ()) -> str:
    """The row with this value; None takes the key out. order: after which keys a new one may stand."""
    pair = next((pair for pair in row.value if pair[0].value == key), None)
    if pair is None:
        return text if new is None else _with_key(text, row, key, new, order)
    if new is None:
        return _without_key(text, row, pair)
    begin, end = span(text, pair[1])
    if isinstance(new, list | tuple) and new and isinstance(new[0], Mapping) and not row.flow_style:
        return cut(text, *_key_extent(text, pair), f"{' ' * row.start_mark.column}{_lines(row, key, new)}\n")
    shown = flow(new) if isinstance(new, Mapping | list | tuple) else scalar(new, flow=bool(row.flow_style))
    if not isinstance(pair[1], ScalarNode) and not pair[1].flow_style:
        begin = (
            span(text, pair[0])[1] + 1
        )  # a block begins on a line of its own: what takes its place does not
        return cut(text, begin, end, f" {shown}")
    return cut(text, begin, end, f" {shown}" if text[begin - 1] == ":" else shown)


def _lines(row: MappingNode, key: str, new: Any) -> str:
    return block({key: new}, row.start_mark.column)


def _key_extent(text: str, pair: tuple[Node, Node]) -> tuple[int, int]:
    ends = max(span(text, pair[0])[1], span(text, pair[1])[1])
    return _line_begin(text, pair[0].start_mark.index), _line_end(text, ends)


def _with_key(text: str, row: MappingNode, key: str, new: Any, order: Sequence[str]) -> str:
    before = order[: order.index(key)] if key in order else ()
    early = [pair for pair in row.value if pair[0].value in before]
    after = early[-1] if early else row.value[-1]
    end = max(span(text, after[0])[1], span(text, after[1])[1])
    if row.flow_style:
        return cut(text, end, end, f", {key}: {flow(new)}")
    at = _line_end(text, end)
    begin = "" if text[:at].endswith("\n") else "\n"
    return cut(text, at, at, f"{begin}{' ' * row.start_mark.column}{_lines(row, key, new)}\n")


def _without_key(text: str, row: MappingNode, pair: tuple[Node, Node]) -> str:
    place = row.value.index(pair)
    if row.flow_style:
        spans = [(span(text, one)[0], span(text, other)[1]) for one, other in row.value]
        return _without_of(text, spans, place)
    begin, end = _key_extent(text, pair)
    if text[begin : pair[0].start_mark.index].strip():  # it stands beside the dash of its row
        return cut(text, *span(text, pair[1]), '""')
    return cut(text, begin, end)


def _without_of(text: str, spans: Sequence[tuple[int, int]], place: int) -> str:
    """One of several on a line is gone, with its comma."""
    begin, end = spans[place]
    if place + 1 < len(spans):
        return cut(text, begin, spans[place + 1][0])
    return cut(text, spans[place - 1][1] if place else begin, end)


def without_row(text: str, items: SequenceNode, place: int) -> str:
    """The list without one of its rows."""
    if items.flow_style:
        return _without_of(text, [span(text, item) for item in items.value], place)
    return cut(text, *extents(text, items.value)[place])


def with_row(text: str, holder: MappingNode, key: str, new: Row, place: int | None = None) -> str:
    """The list under a key with one more row, before the row at `place` or at the end."""
    items = value(holder, key)
    if not isinstance(items, SequenceNode) or not items.value:
        return with_value(text, holder, key, [new])
    place = len(items.value) if place is None else place
    if items.flow_style:
        spans = [span(text, item) for item in items.value]
        at = spans[place][0] if place < len(spans) else spans[-1][1]
        return cut(text, at, at, f"{flow(new)}, " if place < len(spans) else f", {flow(new)}")
    column = _column(text, items)
    return with_lines(text, items, f"{' ' * column}- {_item(new, column + 2)}\n", place)


def _column(text: str, items: SequenceNode) -> int:
    at = _dash(text, items.value[0])
    return at - _line_begin(text, at)


def with_lines(text: str, items: SequenceNode, lines: str, place: int | None = None) -> str:
    """A block list with these lines before the row at `place`, or at the end."""
    found = extents(text, items.value)
    at = found[-1][1] if place is None or place >= len(found) else found[place][0]
    begin = "" if at == 0 or text[:at].endswith("\n") else "\n"
    return cut(text, at, at, begin + lines)


def lines_of(text: str, items: SequenceNode, place: int) -> str:
    """The lines of one row of a block list, which begin where those of another list would."""
    begin, end = extents(text, items.value)[place]
    return text[begin:end]


def with_rows_swapped(text: str, items: SequenceNode, first: int) -> str:
    """The list with a row and the next one in each other's place."""
    if items.flow_style:
        (a, b), (c, d) = span(text, items.value[first]), span(text, items.value[first + 1])
        return text[:a] + text[c:d] + text[b:c] + text[a:b] + text[d:]
    if not text.endswith("\n"):
        text += "\n"
    (a, b), (_c, d) = extents(text, items.value)[first : first + 2]
    return text[:a] + text[b:d] + text[a:b] + text[d:]
