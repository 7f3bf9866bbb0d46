"""Parts of a shared document that a council may lay its own words over.

In Markdown a part is a fenced block: ```part opening-times, or ```part opening-times must-edit. In YAML it is a value
below the top-level `local:`, by its key; one that must be edited ends its default words with a comment "# must-edit".
A part that must be edited is left out where the council has not written its own words: the default is only a pattern.
Everything else is locked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

_FENCE = re.compile(
    r"^(?P<ticks>`{3,})part[ \t]+(?P<id>[a-z0-9][a-z0-9-]*)(?P<must>[ \t]+must-edit)?[ \t]*\n"
    r"(?P<words>.*?)^(?P=ticks)[ \t]*(?:\n|\Z)",
    re.MULTILINE | re.DOTALL,
)
_HIDDEN = re.compile("[\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_MUST = re.compile(r"#\s*must-edit\b")


@dataclass(frozen=True)
class Part:
    """A part as the shared document has it. must_edit: the default is not shown."""

    id: str
    words: str
    must_edit: bool = False


@dataclass(frozen=True)
class _Span(Part):
    """A part with where it stands: from begin to end of the text."""

    begin: int = 0
    end: int = 0


def is_yaml(suffix: str) -> bool:
    """Whether a kind's documents are YAML, by how its files end."""
    return suffix in (".yaml", ".yml")


def of(body: str, suffix: str) -> list[Part]:
    """The parts of a shared document, in their order."""
    return [Part(span.id, span.words, span.must_edit) for span in _spans(body, suffix)]


def _spans(body: str, suffix: str) -> list[_Span]:
    return _in_yaml(body) if is_yaml(suffix) else _in_markdown(body)


def _in_markdown(body: str) -> list[_Span]:
    return [
        _Span(found["id"], found["words"].rstrip("\n"), bool(found["must"]), found.start(), found.end())
        for found in _FENCE.finditer(body)
    ]


def _in_yaml(body: str) -> list[_Span]:
    """The values below `local:`, with where they stand. Text that is no YAML has none."""
    try:
        root = yaml.compose(body, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return []
    local = value_at(root, "local")
    if not isinstance(local, yaml.MappingNode):
        return []
    return [_yaml_span(body, key, value) for key, value in local.value if isinstance(value, yaml.ScalarNode)]


def _yaml_span(body: str, key: yaml.Node, value: yaml.Node) -> _Span:
    begin, end = _place(body, value)
    line = body[end:].partition("\n")[0]
    return _Span(str(key.value), str(value.value), bool(_MUST.search(line)), begin, end)


def _place(text: str, node: yaml.Node) -> tuple[int, int]:
    """Where a value stands; the line break after a block ("|") is not part of it."""
    begin, end = node.start_mark.index, node.end_mark.index
    while end > begin and text[end - 1] in "\n ":
        end -= 1
    return begin, end


def value_at(node: yaml.Node | None, *path: str) -> yaml.Node | None:
    """What stands under these keys, one below the other; None where there is nothing."""
    for name in path:
        if not isinstance(node, yaml.MappingNode):
            return None
        node = next((value for key, value in node.value if key.value == name), None)
    return node


@lru_cache(maxsize=512)
def _laid(body: str, suffix: str, own: tuple[tuple[str, str], ...]) -> str:
    said, out, at = dict(own), [], 0
    for span in _spans(body, suffix):
        words = said.get(span.id, "" if span.must_edit else span.words)
        out += [
            body[at : span.begin],
            as_yaml(words) if is_yaml(suffix) else _block(words),
        ]
        at = span.end
    return "".join([*out, body[at:]])


def as_yaml(words: str) -> str:
    """Words as a value of YAML, in quotes. Source: YAML 1.2.2, 5.1 (what may stand there as it is) and 5.7."""
    return _HIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(words, ensure_ascii=False))


def _block(words: str) -> str:
    return f"{words.rstrip()}\n" if words.strip() else ""


def laid_over(body: str, suffix: str, own: Mapping[str, str]) -> str:
    """The document as people read it: the council's words where it has its own, the default where it may stand."""
    return _laid(body, suffix, tuple(sorted(own.items())))


def read_own(body: str) -> dict[str, str]:
    """A council's own words, by part, as a version keeps them."""
    found = json.loads(body or "{}")
    return {str(key): str(words) for key, words in found.items()}


def write_own(own: Mapping[str, str]) -> str:
    """The same as text to keep: a line for each part, so that versions can be compared."""
    return json.dumps(dict(sorted(own.items())), ensure_ascii=False, indent=1) + "\n"


def with_values(text: str, values: Mapping[tuple[str, ...], str]) -> str:
    """YAML text in which single values say something else; all else, comments too, is as it was.

    A path that is not there is added at the end, where it is one key long. Values are given as YAML.
    """
    root = yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    changes: list[tuple[int, int, str]] = []
    for path, value in values.items():
        node = value_at(root, *path)
        if node is not None:
            changes.append((*_place(text, node), value))
        elif len(path) == 1:
            changes.append((len(text), len(text), f"{path[0]}: {value}\n"))
    for begin, end, value in sorted(changes, reverse=True):
        text = text[:begin] + value + text[end:]
    return text
