"""What makes an article or page right: its front matter, its text, and what it leads to."""

from collections.abc import Iterator

from markdown_it.token import Token

from portal.editorial import plain_words, reading, rendering
from portal.editorial.kinds import Around, Finding
from portal.editorial.reading import Article
from portal.i18n import _

# Themes in the order in which people are shown them: key -> days after which an article must be looked at again.
_A_YEAR, _HALF = 366, 184
THEMES = {
    "home": _A_YEAR,
    "moving": _A_YEAR,
    "mind": _A_YEAR,
    "health": _A_YEAR,
    "caring": _A_YEAR,
    "care": _A_YEAR,
    "money": _HALF,
    "assistant": _A_YEAR,
    "ahead": _A_YEAR,
    "safe": _HALF,
}
_FRONT = frozenset(
    ("id", "theme", "title", "summary", "short", "owner", "reviewer", "review", "sources", "sensitive")
) | frozenset(("related", "tags", "easy_read", "note", "pictures", "translation"))
_RELATED = {"needs": "need", "categories": "category", "equipment": "equipment", "articles": "article"}
_SAYS_NOTHING = frozenset({"here", "click here", "this link", "read more", "more", "link"})
_LONGEST = {"title": 90, "summary": 220, "short": 500}


def check_article(body: str, around: Around) -> list[Finding]:
    """Every finding on an article."""
    return _check(body, around, article=True)


def check_page(body: str, around: Around) -> list[Finding]:
    """Every finding on a page, which needs no sources and no theme."""
    return _check(body, around, article=False)


def _check(body: str, around: Around, *, article: bool) -> list[Finding]:
    try:
        found = reading.article(body)
    except reading.Unreadable as error:
        return [Finding("error", "front matter", str(error), "compare it with another one", error.line)]
    checks = [_front(found, around), _review(found, around, article=article), _text(found, around)]
    if article:
        checks += [_article_front(found), _sources(found), _related(found, around)]
    return [finding for check in checks for finding in check]


def _front(found: Article, around: Around) -> Iterator[Finding]:
    if str(found.front.get("id", "")) != around.key:
        yield Finding("error", "id", f"it is not {around.key}", "ids never change; write it as it was")
    for name in ("title", "summary"):
        if not getattr(found, name):
            yield Finding("error", name, "it is missing", "write it in a few plain words")
    for name, most in _LONGEST.items():
        if len(getattr(found, name)) > most:
            yield Finding("warning", name, f"it is longer than {most} letters", "shorten it")
    for name in found.front.keys() - _FRONT:
        yield Finding(
            "warning", str(name), "nobody reads this line", "check how it is spelt, or leave it out"
        )


def _article_front(found: Article) -> Iterator[Finding]:
    if found.theme not in THEMES:
        yield Finding("error", "theme", "it is not one that we have", f"choose one of {', '.join(THEMES)}")
    if not isinstance(found.front.get("sensitive"), bool):
        yield Finding("error", "sensitive", "it says neither true nor false", "write true or false")
    if not found.short:
        yield Finding("warning", "short", "there is no short version", "write two sentences for the booklet")
    if not found.owner:
        yield Finding("warning", "owner", "nobody looks after it", "write whose it is")


def _review(found: Article, around: Around, *, article: bool) -> Iterator[Finding]:
    last, then = found.last_checked, found.next_review
    if last is None or then is None:
        if article or "review" in found.front:
            yield Finding(
                "error", "review", "a date is missing", "write review: {last: 2026-11-25, next: 2027-05-25}"
            )
        return
    most = THEMES.get(found.theme, _A_YEAR) if article else _A_YEAR
    months = 6 if most == _HALF else 12
    if then <= last:
        yield Finding("error", "review", "the next one is not after the last one", "correct the dates")
    elif (then - last).days > most:
        yield Finding(
            "error", "review", f"the next one is more than {months} months away", "choose an earlier day"
        )
    if then < around.today:
        yield Finding("warning", "review", "it was due", "read it again, and write new dates")


def _sources(found: Article) -> Iterator[Finding]:
    if not found.sources:
        yield Finding("warning", "sources", "there is none", "say where it was read, and when")
    for number, source in enumerate(found.sources, 1):
        where = f"source {number}"
        if not source.title or not rendering.is_web(source.url):
            yield Finding("error", where, "it needs a title and a web address", "write both")
        if source.checked is None and source.added is not None:
            yield Finding(
                "advice", where, "nobody has opened it yet", "open it, and write checked: and the day"
            )
        elif source.checked is None:
            yield Finding("warning", where, "nobody says when it was looked at", "write checked: and a date")


def _related(found: Article, around: Around) -> Iterator[Finding]:
    for name, keys in found.related.items():
        known = around.keys.get(_RELATED.get(name, ""))
        if name not in _RELATED:
            yield Finding("warning", "related", f"{name} is nothing we know", f"use {', '.join(_RELATED)}")
        elif known is not None:
            yield from (
                Finding("error", "related", f"there is no {_RELATED[name]} {key}", "use one that there is")
                for key in keys
                if key not in known
            )


def _text(found: Article, around: Around) -> Iterator[Finding]:
    if not found.text.strip():
        yield Finding("error", "text", "there is no text", "write some", found.first_line)
    before = found.first_line - 1
    yield from _blocks(found.text, before)
    yield from _links(found.text, before, around)


def _blocks(text: str, before: int) -> Iterator[Finding]:
    level = 1
    for token, line in rendering.walk(text):
        at = before + line
        if token.type == "heading_open":
            now = int(token.tag[1])
            if now == 1:
                yield Finding(
                    "error", "heading", "only the title is of the first level", "write ## instead", at
                )
            elif now > level + 1:
                yield Finding(
                    "warning", "heading", "it leaves out a level", f"write {'#' * (level + 1)} instead", at
                )
            level = max(now, 2) if now == 1 else now
        elif token.type == "fence":
            yield from _fence(token.info.strip(), token.content, at)
        elif token.type == "image" and not rendering.plain(token):
            yield Finding(
                "error", "picture", "it has no words for who cannot see it", "write ![what it shows](…)", at
            )


def _fence(name: str, content: str, at: int) -> Iterator[Finding]:
    if name not in rendering.BLOCKS and name.split(" ")[0] != "part":
        known = ", ".join(rendering.BLOCKS)
        yield Finding(
            "error", "block", f"{name or 'a block without a name'} is none we have", f"use {known}", at
        )
    elif not content.strip():
        yield Finding("error", "block", f"the {name} block is empty", "write in it, or leave it out", at)
    elif name == "video":
        title, url, transcript = rendering.video(content)
        if not (title and rendering.is_web(url)):
            yield Finding(
                "error", "video", "it needs a title and an address", "begin it with title: and url:", at
            )
        if not transcript:
            yield Finding(
                "error", "video", "it has no transcript", "write what is said, after an empty line", at
            )


def _links(text: str, before: int, around: Around) -> Iterator[Finding]:
    references = {f"{kind}:{key}": (kind, key) for kind, key in rendering.references(text)}
    for href, line in rendering.links(text):
        bare, at = href.partition("#")[0], before + line
        if bare in references:
            kind, key = references[bare]
            known = around.keys.get(kind)
            if known is not None and key not in known:
                yield Finding("error", "link", f"there is no {kind} {key}", "link to one that there is", at)
        elif not (rendering.is_web(href) or href.startswith(("/", "#", "tel:", "mailto:"))):
            yield Finding("error", "link", f"“{href}” leads nowhere", "write article: and its short name", at)
    for token, line in rendering.walk(text):
        if token.type == "inline":
            yield from _names(token, before + line)


def _names(token: Token, at: int) -> Iterator[Finding]:
    """Links whose words do not say where they lead."""
    children = token.children or []
    for number, part in enumerate(children):
        if part.type == "link_open" and number + 1 < len(children):
            words = children[number + 1].content.strip().lower()
            if words in _SAYS_NOTHING:
                yield Finding(
                    "warning", "link", f"“{words}” does not say where it leads", "name what is there", at
                )


def advice(body: str) -> list[Finding]:
    """Help with plain words, for the desk."""
    try:
        found = reading.article(body)
    except reading.Unreadable:
        return []
    return plain_words.advice("\n".join((found.title, found.summary, rendering.words(found.text))))


def theme_names() -> dict[str, str]:
    """Theme -> what it is called, in the order of the page."""
    names = {
        "home": _("Everyday life at home"),
        "moving": _("Moving about and falls"),
        "mind": _("Memory, mood and company"),
        "health": _("Health and disability"),
        "caring": _("Looking after someone"),
        "care": _("Getting care and support"),
        "money": _("Money"),
        "assistant": _("Employing a personal assistant"),
        "ahead": _("Your rights and planning ahead"),
        "safe": _("Staying safe"),
    }
    return {key: names[key] for key in THEMES}
