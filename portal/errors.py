"""What goes wrong in a way that a person can understand.

A `Refusal` is a rule that said no. It is not a bug: its words are shown to the person who asked, in the page they
were on. Everything else that is raised is a bug, and becomes the "something went wrong" page.
"""


class Refusal(Exception):  # noqa: N818 - it is no error: somebody is told no
    """A rule said no, in words the person can read and act on.

    words: already translated, says what happened and what to do next.
    field: name of the form field it is about, if it is about one.
    status: 409 where the state of things is against it, 422 where what was typed is.
    """

    def __init__(self, words: str, *, field: str | None = None, status: int = 409) -> None:
        super().__init__(words)
        self.words = words
        self.field = field
        self.status = status


class Misconfigured(Exception):  # noqa: N818 - the name says what is wrong
    """The site must not start: the words say which setting is wrong and how to mend it."""
