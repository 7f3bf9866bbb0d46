"""Words that are data, with the language that they are in where that is not English."""

from typing import SupportsIndex


class Words(str):
    """Words that are data and were translated. language: into which. Filling something in leaves them what they are."""

    language: str

    def __new__(cls, text: str, language: str) -> "Words":
        """The text, with its language."""
        made = super().__new__(cls, text)
        made.language = language
        return made

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]  # a copy needs the language, too
        """What a copy is made of."""
        return str(self), self.language

    def replace(self, old: str, new: str, count: SupportsIndex = -1) -> "Words":
        """As of any text; still in its language."""
        return Words(super().replace(old, new, count), self.language)


def like(text: str, *sources: str) -> str:
    """A text that was made of others, in their language where they have one in common."""
    found = {source.language if isinstance(source, Words) else "" for source in sources}
    return Words(text, found.pop()) if len(found) == 1 and "" not in found else text
