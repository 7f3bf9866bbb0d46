"""The guided form as a whole: which questions there are, in which order, and what is still missing."""

from portal.directory import questions, questions_of_place, questions_of_trust
from portal.directory.steps import Step, Writing
from portal.i18n import _

STEPS: dict[str, type[Step]] = {
    step.key: step
    for step in (
        questions.Name,
        questions.About,
        questions.WhoRuns,
        questions_of_place.Venues,
        questions_of_place.Areas,
        questions_of_place.Catchment,
        questions_of_place.Times,
        questions_of_trust.Costs,
        questions.WhoFor,
        questions.GettingIn,
        questions.Contact,
        questions_of_trust.Marks,
        questions_of_trust.Category,
        questions_of_trust.Conduct,
    )
}


def order(writing: Writing) -> list[str]:
    """The keys of the questions that make sense for this entry, as they are asked."""
    without = set()
    if writing.proposal.service_id:
        without.add("organisation")
    if not writing.draft.venues:
        without.add("catchment")
    if writing.proposal.by_editor:
        without.add("conduct")
    return [key for key in STEPS if key not in without]


def after(writing: Writing, key: str) -> str:
    """The page after a question: the next one, or at the end the preview."""
    keys = order(writing)
    at = list(STEPS).index(key)
    return next((other for other in keys if list(STEPS).index(other) > at), "preview")


def before(writing: Writing, key: str) -> str:
    """The page before a question; "" before the first."""
    keys = order(writing)
    at = list(STEPS).index(key) if key in STEPS else len(STEPS)
    return next((other for other in reversed(keys) if list(STEPS).index(other) < at), "")


def missing(writing: Writing) -> list[tuple[str, str]]:
    """(question, what to do there) for everything without which the entry cannot be sent."""
    draft, proposal = writing.draft, writing.proposal
    lacks = [
        ("name", not draft.name, _("Say what it is called")),
        ("about", not draft.summary, _("Say in one sentence what people get")),
        ("organisation", not (proposal.organisation_id or proposal.run_by), _("Say who runs it")),
        (
            "venues",
            not (draft.venues or draft.areas),
            _("Say where people come to you, or where you go to people: nobody could find it otherwise"),
        ),
        (
            "contact",
            not (draft.phone or draft.email or draft.website or draft.how_to_start),
            _("Say how people reach you"),
        ),
        ("conduct", not (proposal.by_editor or proposal.signed_by), _("Sign our code of conduct")),
    ]
    return [(key, words) for key, is_missing, words in lacks if is_missing]


def answered(writing: Writing) -> frozenset[str]:
    """The questions to which something has been said."""
    draft, proposal = writing.draft, writing.proposal
    said = {
        "name": draft.name,
        "about": draft.summary,
        "organisation": proposal.organisation_id or proposal.run_by,
        "venues": draft.venues,
        "areas": [area for area in draft.areas if area.kind == "comes_to_you"],
        "catchment": [area for area in draft.areas if area.kind == "residents_of"],
        "times": draft.times or draft.by_appointment or any(venue.times for venue in draft.venues),
        "cost": draft.costs or draft.is_free,
        "who-for": draft.who_for or draft.how_to_start or draft.minimum_age is not None,
        "getting-in": draft.languages or any(venue.access for venue in draft.venues),
        "contact": draft.phone or draft.email or draft.website,
        "marks": questions_of_trust.Marks.items(writing),
        "category": proposal.suggested or draft.terms,
        "conduct": proposal.signed_by,
    }
    return frozenset(key for key, value in said.items() if value)
