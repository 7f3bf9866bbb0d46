"""The Jinja macros give the same HTML as the npm package whose CSS and JavaScript we use."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import ChainableUndefined, Environment, PackageLoader, PrefixLoader

COMPONENTS = Path(__file__).resolve().parent.parent / "node_modules/govuk-frontend/dist/govuk/components"
EXAMPLES_IN_6_3_0 = 657


def _examples() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each (component, example) of the npm package."""
    for path in sorted(COMPONENTS.glob("*/fixtures.json")):
        for example in json.loads(path.read_text())["fixtures"]:
            yield path.parent.name, example


def _bare(html: str) -> str:
    """HTML without the white space that no reader sees, and with one spelling of the quotation mark."""
    html = re.sub(r"\s+", " ", html).replace("&#34;", "&quot;")
    return re.sub(r"\s*([<>])\s*", r"\1", html).strip()


@pytest.fixture(scope="module")
def macros() -> Environment:
    return Environment(
        loader=PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        undefined=ChainableUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _rendered(macros: Environment, component: str, options: dict[str, Any]) -> str:
    name = "govuk" + component.title().replace("-", "")
    library = macros.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    html: str = getattr(library, name)(options)
    return html


def test_every_macro_matches_the_npm_package(macros: Environment) -> None:
    examples = list(_examples())
    different = [
        f"{component}: {example['name']}"
        for component, example in examples
        if _bare(_rendered(macros, component, example["options"])) != _bare(example["html"])
    ]
    assert different == []
    assert len(examples) == EXAMPLES_IN_6_3_0
