"""Words: about whom something is asked, what is sensitive, what a conversation is never called, and plainness."""

import re
from collections.abc import Iterator

from portal.selfhelp.conversation import Option, Question
from portal.selfhelp.lint.finding import Draft, Finding, Spot

LONG_SENTENCE = 25  # words
_SLOT = re.compile(r"\{[^{}]*\}")  # an id in braces is not read by anybody
_YOU = re.compile(r"\b(you|your|yours|yourself)\b", re.IGNORECASE)
_BRACES = re.compile(r"\{(?!name\})[^{}]*\}")
_SENTENCE = re.compile(r"[^.!?:\n]+[.!?:]*")
# Health, the toilet, money troubles and harm. Whole words, or the beginnings of words where a star stands.
SENSITIVE = (
    "abus* addict* alcohol* anxi* benefits bladder bowel* cancer confus* continence cry dead death debt* dement* "
    "depress* diagnos* die died disab* doctor drinking drugs dying epilep* frighten* gambl* harm* headache health hiv "
    "hit hurt* illness incontinen* lonely medicine* medication* memory mental* mood naked nurse operation pain "
    "pregnan* rape* religio* self-harm sex* sick* spirits strok* suicid* tablets threaten* toilet* treatment unsafe "
    "urin* violen* weigh* wound*"
)
_SENSITIVE = re.compile(
    r"\b(" + "|".join(word.replace("*", r"\w*") for word in SENSITIVE.split()) + r")\b", re.IGNORECASE
)
_CALLED = re.compile(r"\b(?:re-?)?(?:assess\w*|scor(?:e|es|ed|ing)|(?:in)?eligib\w*)\b", re.IGNORECASE)
# The council's own, by its name; and any sentence that says that it is the council's.
_OF_COUNCIL = re.compile(
    r"\b(?:needs|carers?['’]?s?|financial|council['’]s|capacity)\s+(?:re-?)?assessments?\b", re.IGNORECASE
)
_COUNCIL = re.compile(r"\bcouncil\b", re.IGNORECASE)
_THIS = re.compile(
    r"\b(?:this|these|our|the following)\s+(?:\w+\s+)?(?:assess\w*|score\w*)|\byour\s+scores?\b",
    re.IGNORECASE,
)


def about_whom(draft: Draft) -> Iterator[Finding]:
    """Wording for somebody else, where the conversation may be about somebody else."""
    others = set(draft.conversation.audience) - {"me"}
    for question, spot in draft.questions():
        if others and not question.ask_about:
            yield spot.error(
                "no-ask-about", "The wording about someone else is missing.", "Add ask_about, with {name}."
            )
        yield from _names(question, spot)
    for _question, option, spot in draft.options():
        yield from _label(option, spot)
    for rule, spot in draft.rules():
        for name in ("title", "text"):
            yield from _braces(getattr(rule, name), spot.part(name))


def _names(question: Question, spot: Spot) -> Iterator[Finding]:
    for name in ("ask", "help"):
        if "{name}" in getattr(question, name):
            yield spot.part(name).error(
                "name-of-you",
                "{name} is not filled in here.",
                "Write “you”, or move it to the other wording.",
            )
    if question.ask_about and "{name}" not in question.ask_about and _YOU.search(question.ask):
        yield spot.part("ask_about").warning(
            "about-nobody",
            "The question says “you”; about someone else it does not say who.",
            "Write {name} where the name belongs.",
        )
    if question.ask_about and not question.help_about and _YOU.search(question.help):
        yield spot.part("help").advice(
            "help-about-you", "About someone else the help says “you” too.", "Add help_about, with {name}."
        )
    for name in ("ask", "ask_about", "help", "help_about"):
        yield from _braces(getattr(question, name), spot.part(name))


def _label(option: Option, spot: Spot) -> Iterator[Finding]:
    if "{name}" in option.label:
        yield spot.error(
            "name-of-you", "{name} is not filled in here.", "Write label_about for the wording with {name}."
        )
    yield from _braces(option.label, spot)
    yield from _braces(option.label_about, spot)


def _braces(text: str, spot: Spot) -> Iterator[Finding]:
    for brace in _BRACES.findall(text):
        yield spot.error("unknown-slot", f"{brace} is nothing that is filled in.", "Write {name}.")


def answers(draft: Draft) -> Iterator[Finding]:
    """Answers that cannot be told apart, or are marked as they cannot be; and that strengths are asked for."""
    for question, spot in draft.questions():
        for name in ("label", "label_about"):
            yield from _alike(question, spot, name)
        if question.type != "many":
            for at, option in enumerate(question.options):
                if option.exclusive:
                    yield spot.row("options", at, f"answer {option.id}").warning(
                        "exclusive-of-no-use",
                        "Only one answer can be chosen anyway.",
                        "Take “exclusive” out, or make the type many.",
                    )
    if not any(option.strength for _question, option, _spot in draft.options()):
        yield draft.whole.part("pages").warning(
            "no-strength",
            "No answer is a strength, so nothing good can be said back.",
            "Ask what goes well, and mark such answers with strength: true.",
        )


def _alike(question: Question, spot: Spot, name: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for at, option in enumerate(question.options):
        words = " ".join((getattr(option, name) or option.label).casefold().split()).strip(" .")
        if words in seen and (name == "label" or option.label_about):
            yield spot.row("options", at, f"answer {option.id}").error(
                "same-label", f"Two answers say “{words}”.", "Say how they differ."
            )
        seen.add(words)


def sensitive(draft: Draft) -> Iterator[Finding]:
    """Questions that ask for something sensitive and are not marked so."""
    for question, spot in draft.questions():
        if question.sensitive or question.type == "info":
            continue
        texts = (question.ask, *(option.label for option in question.options))
        found = next((match[0] for text in texts if (match := _SENSITIVE.search(text))), None)
        if found:
            yield spot.warning(
                "not-sensitive",
                f"It speaks of “{found}”, and is not marked as sensitive.",
                "Add sensitive: true. Its answers are then never counted, and a way out is shown.",
            )


def called(draft: Draft) -> Iterator[Finding]:
    """The conversation or its result called an assessment, a score, or something that one is eligible for."""
    for text, spot in _texts(draft):
        for sentence in _SENTENCE.findall(_SLOT.sub("", text)):
            rest = _OF_COUNCIL.sub("", sentence)
            word = _THIS.search(sentence) or (None if _COUNCIL.search(sentence) else _CALLED.search(rest))
            if word:
                yield spot.error(
                    "called-assessment",
                    f"“{word[0]}” sounds as if the conversation judged people.",
                    "Say “conversation” and “what may help”. If the council’s own assessment is meant, name it so.",
                )


def _texts(draft: Draft) -> Iterator[tuple[str, Spot]]:
    """All words that visitors read, and where they stand."""
    for name in ("title", "summary"):
        yield getattr(draft.conversation, name), draft.whole.part(name)
    for page, spot in draft.pages():
        yield page.title, spot.part("title")
    for question, spot in draft.questions():
        for name in ("ask", "ask_about", "help", "help_about", "easy_read"):
            yield getattr(question, name), spot.part(name)
    for _question, option, spot in draft.options():
        yield option.label, spot
        yield option.label_about, spot
    for rule, spot in draft.rules():
        for name in ("title", "text", "because"):
            yield getattr(rule, name), spot.part(name)


def plainness(draft: Draft) -> Iterator[Finding]:
    """What could be plainer: long sentences, and questions without Easy Read."""
    for text, spot in _texts(draft):
        for sentence in _SENTENCE.findall(text):
            if (count := len(sentence.split())) > LONG_SENTENCE:
                yield spot.advice(
                    "long-sentence", f"A sentence has {count} words.", "Make two of it: it is easier to read."
                )
    for question, spot in draft.questions():
        if not question.easy_read:
            yield spot.advice(
                "no-easy-read", "There is no Easy Read wording.", "Add easy_read, with a picture."
            )


def urgent(draft: Draft) -> Iterator[Finding]:
    """Recommendations without words; and urgent ones that do not stand before all others."""
    has_other = False
    for rule, spot in draft.rules():
        if rule.is_urgent and not rule.text:
            yield spot.error(
                "urgent-without-text",
                "It is urgent, and does not say what to do.",
                "Add a text: whom to ring.",
            )
        elif not rule.text:
            yield spot.warning(
                "no-text", "It does not say what may help.", "Add a text of a sentence or two."
            )
        if rule.is_urgent and has_other:
            yield spot.warning(
                "urgent-order",
                "It is urgent, and stands after one that is not.",
                "Move it up, before the others.",
            )
        has_other = has_other or not rule.is_urgent
