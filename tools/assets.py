"""Installs the npm packages and makes portal/static/vendor from them: `python -m tools.assets [--dev]`.

Every file carries a hash of its content in its name, so that browsers may keep it for a year;
manifest.json says which name is which. Nothing is done when nothing changed. With --dev the
packages that only tests use (axe, the HTML validator) are installed too.

site.css and site.js are the whole of what a page loads, one request each: what came from npm,
and after it every file of portal/static/css and portal/static/js in the order of their names.
desk.css, from css/desk, is loaded besides by whoever is signed in, and house.css, from css/house.css and css/house,
by the pages with drawings: others need not wait for them.
"""

import fcntl
import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools import css, fonts, node

ROOT = node.ROOT
MODULES = ROOT / "node_modules"
STATIC = ROOT / "portal" / "static"
VENDOR = STATIC / "vendor"
SITE_FONT = ':root{--site-font:"Atkinson Hyperlegible Next","Noto Naskh Arabic",arial,sans-serif}'

# GOV.UK's components show their script-only parts by these classes; its own page sets them by an
# inline script, which our Content-Security-Policy forbids.
START = (
    "document.body.classList.add('js-enabled','govuk-frontend-supported');initAll();"
    "document.addEventListener('htmx:afterSettle',(event)=>initAll({scope:event.detail.elt,onError(){}}));"
)


def _digest(*parts: bytes) -> str:
    """A short hash of contents, for a name or a stamp."""
    sum_ = hashlib.sha256()
    for part in parts:
        sum_.update(len(part).to_bytes(8) + part)
    return sum_.hexdigest()[:12]


def _own(folder: str, suffix: str) -> list[Path]:
    """Our own files of one kind, in the order of their names."""
    return sorted((STATIC / folder).glob(f"*{suffix}"))


def _sheets() -> dict[str, list[Path]]:
    """Style sheet -> our own files that it is made from."""
    drawings = STATIC / "css" / "house.css"
    return {
        "site.css": [path for path in _own("css", ".css") if path != drawings],
        "desk.css": _own("css/desk", ".css"),
        "house.css": [*([drawings] if drawings.exists() else []), *_own("css/house", ".css")],
    }


def install(dev: bool) -> None:
    """The npm packages of package-lock.json are in node_modules, the tests' ones too when dev."""
    stamp = MODULES / ".stamp"
    lock = _digest((ROOT / "package-lock.json").read_bytes())
    if stamp.exists() and stamp.read_text() in {f"{lock} dev", f"{lock} {'dev' if dev else 'run'}"}:
        return
    command, environment = node.npm()
    scope = [] if dev else ["--omit=dev"]
    subprocess.run([*command, "ci", "--silent", *scope], check=True, cwd=ROOT, env=environment)
    stamp.write_text(f"{lock} {'dev' if dev else 'run'}")


def _scripts() -> tuple[str, str]:
    """(htmx, GOV.UK's components) as they came, without the addresses of their source maps."""
    htmx = (MODULES / "htmx.org/dist/htmx.min.js").read_text()
    govuk = (MODULES / "govuk-frontend/dist/govuk/govuk-frontend.min.js").read_text()
    return htmx, govuk.split("//# sourceMappingURL")[0]


def _faces(names: dict[str, str]) -> str:
    """The @font-face rules, by the fonts' hashed names."""
    return SITE_FONT + "".join(fonts.face(cut, names[cut.name]) for cut in fonts.CUTS)


def _hashed(name: str, content: bytes) -> str:
    """The name with a hash of the content before its ending."""
    stem, dot, ending = name.rpartition(".")
    return f"{stem}-{_digest(content)}{dot}{ending}"


def _joined(parts: list[str], own: list[str]) -> bytes:
    """Vendor parts and then our own, as one."""
    return "\n".join([*parts, *own]).encode()


def _compress(path: Path, content: bytes) -> None:
    """Beside the file lie its compressed forms, as small as they get, for WhiteNoise to send."""
    import brotli  # here, so that a run with nothing to do stays quick

    path.with_name(f"{path.name}.br").write_bytes(brotli.compress(content))
    path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(content, 9, mtime=0))


def build(target: Path) -> dict[str, str]:
    """Every file is in the folder; returns the manifest, plain name to hashed name."""
    files = {cut.name: fonts.made(cut, MODULES) for cut in fonts.CUTS}
    names = {name: _hashed(name, content) for name, content in files.items()}
    govuk_css = css.ours((MODULES / "govuk-frontend/dist/govuk/govuk-frontend.min.css").read_text())
    faces = _faces(names)
    htmx, govuk_js = _scripts()
    styles = {name: [path.read_text() for path in paths] for name, paths in _sheets().items()}
    # Braces, so that a name in one of our files never meets a name in another's.
    scripts = [f"{{{path.read_text()}}}" for path in _own("js", ".js")]
    bundle = [htmx, "window.htmx=htmx;", govuk_js.replace("export{", "const govuk={", 1), START]
    files |= {
        "govuk.css": govuk_css.encode(),
        "fonts.css": faces.encode(),
        "site.css": _joined([govuk_css, faces], styles["site.css"]),
        "desk.css": _joined([], styles["desk.css"]),
        "house.css": _joined([], styles["house.css"]),
        "htmx.js": htmx.encode(),
        "govuk.js": (govuk_js + "\n" + START).encode(),
        "site.js": _joined(bundle, scripts),
    }
    names = {name: _hashed(name, content) for name, content in files.items()}
    for cut in fonts.CUTS:
        licence = MODULES / "/".join(cut.source.split("/")[:2]) / "LICENSE"
        (target / f"LICENSE-{cut.family.replace(' ', '-')}.txt").write_bytes(licence.read_bytes())
    for name, content in files.items():
        (target / names[name]).write_bytes(content)
        if not name.endswith(".woff2"):  # which is compressed inside
            _compress(target / names[name], content)
    return names


def _state() -> str:
    """A hash of everything the folder is made from."""
    makers = [*sorted((ROOT / "tools").glob("*.py")), ROOT / "package-lock.json"]
    own = [path for paths in _sheets().values() for path in paths] + _own("js", ".js")
    return _digest(*(path.name.encode() + path.read_bytes() for path in [*makers, *own]))


def refresh() -> bool:
    """portal/static/vendor is up to date; returns whether anything had to be done.

    The new folder is made beside the old one and takes its place whole.
    """
    state, stamp = _state(), VENDOR / ".stamp"
    if stamp.exists() and stamp.read_text() == state:
        return False
    fresh, old = VENDOR.with_name("vendor.new"), VENDOR.with_name("vendor.old")
    for folder in (fresh, old):
        shutil.rmtree(folder, ignore_errors=True)
    fresh.mkdir()
    manifest = build(fresh)
    (fresh / "manifest.json").write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    (fresh / ".stamp").write_text(state)
    if VENDOR.exists():
        VENDOR.rename(old)
    fresh.rename(VENDOR)
    shutil.rmtree(old, ignore_errors=True)
    return True


@contextmanager
def _alone() -> Iterator[None]:
    """Two that run at the same time go one after the other."""
    STATIC.mkdir(exist_ok=True)
    handle = os.open(STATIC, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def main() -> None:
    """Install and build, saying so only when something was done."""
    with _alone():
        install(dev="--dev" in sys.argv[1:])
        if refresh():
            print(f"Assets are in {VENDOR.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
