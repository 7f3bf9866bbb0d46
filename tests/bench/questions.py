"""What is asked in the benchmarks: the words that people type, from the places where they live."""

import random
from dataclasses import replace

from portal.directory.search import Filters, Search
from portal.geo import METRES_PER_MILE
from tests.bench.corpus import COUNCILS, TODAY, Corpus

# Single words and names of things, people's own words, names of places and groups; common and rare.
WORDS = tuple(
    line.strip()
    for line in """
    lunch club
    home care
    stairlift
    chair exercise
    memory café
    befriending
    carers support
    wheelchair hire
    meals on wheels
    benefits advice
    attendance allowance form
    dementia
    bereavement
    walking group
    tai chi
    men's shed
    food bank
    day centre
    pendant alarm
    grab rails
    toenail cutting
    counselling
    hearing aids
    talking newspaper
    gardener
    cleaner
    someone to sit with mum
    help with shopping
    cannot manage the shopping
    dad wanders at night
    the stairs are getting too much
    at the end of my tether
    scared of falling
    lonely
    need a lift to hospital
    struggling to pay the heating bill
    cant get in the bath
    help
    support group
    community
    choir
    knitting
    bingo
    swimming
    yoga
    computer lessons
    polish interpreter
    urdu
    autism
    stroke club
    diabetes
    cancer support
    veterans
    power of attorney
    debt
    housing advice
    smoke alarm
    dog walking
    volunteering
    Friends of Sale
    St Anne's hall
    coffee morning thursday
    """.strip().splitlines()
)
_MILES = (3, 5, 5, 5, 10, 20)


def _narrowed(draw: random.Random, corpus: Corpus) -> Filters:
    """What people narrow a search to: mostly nothing."""
    how = draw.random()
    if how < 0.4:
        return Filters()
    if how < 0.6:
        return Filters(free=True)
    if how < 0.75:
        return Filters(day=frozenset({draw.choice(("mon", "tue", "wed", "thu", "fri", "sat"))}))
    if how < 0.85:
        return Filters(access=frozenset({"step-free"}))
    if how < 0.95:
        return Filters(need=frozenset({draw.choice(corpus.needs[:8]).key}))
    return Filters(category=frozenset({draw.choice(corpus.categories).key}), free=True)


def near(corpus: Corpus, count: int, seed: int = 1) -> list[Search]:
    """Searches with words, a place and filters: the words in turn, each time from another place."""
    draw = random.Random(corpus.seed + seed)
    return [_near(corpus, draw, WORDS[at % len(WORDS)]) for at in range(count)]


def _near(corpus: Corpus, draw: random.Random, words: str) -> Search:
    place = corpus.place(draw)
    authority = next(code for code in place.areas if code in COUNCILS or code.startswith("E07"))
    return Search(
        council=corpus.council_of(authority),
        council_areas=frozenset({authority}),
        today=TODAY,
        words=words,
        place=place,
        within=draw.choice(_MILES) * METRES_PER_MILE,
        filters=_narrowed(draw, corpus),
    )


def texts(corpus: Corpus, count: int) -> list[Search]:
    """The same searches with words and nothing else."""
    return [replace(search, place=None, filters=Filters()) for search in near(corpus, count)]


def looking_round(corpus: Corpus, count: int) -> list[Search]:
    """The same searches without words: everything near a place."""
    return [replace(search, words="") for search in near(corpus, count)]
