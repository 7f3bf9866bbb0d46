"""The words of the made-up listings: a head that services really use, and an endless tail of words that nobody uses."""

import functools
import random

# The commonest words of English, the commonest first.
_EVERYDAY = """
the and to a of you for in is we or with on your are can at our it by from have be that all us they who will their if
this as please not any people also there more other may do so one what when but has out up them or these how about no
"""
# What services are written in, roughly the commonest first.
_TRADE = """
support help group service care people local community home club centre week free advice information friendly meet
welcome older adults family activities weekly social living health contact carers needs available session open church
hall tea coffee lunch events morning afternoon day volunteers staff offer provide include visit together team trained
children young women men disabled disability dementia memory mental wellbeing exercise gentle walking chair singing
music arts crafts gardening garden transport minibus driver shopping meals cooking cleaning personal washing dressing
equipment stairlift wheelchair scooter alarm pendant rails ramp shower bathroom bed hearing sight blind deaf loop
accessible toilet parking lift step bus stop tram station road street house park library school hospital surgery
pharmacy nurse doctor therapist counsellor counselling talking listening bereavement grief loss cancer stroke diabetes
arthritis pain falls prevention balance strength yoga pilates swimming bowls football dance choir painting knitting
sewing reading history computers internet tablet phone online course learning skills work job volunteering money
benefits pension debt bills budget legal housing rent tenancy landlord repairs heating energy insulation food bank
parcel pantry fridge breakfast supper dinner cake soup hot fresh halal vegetarian allergy charity donation cost charge
hour price session fee concession discount members membership join referral assessment eligible apply form appointment
drop monday tuesday wednesday thursday friday saturday sunday evening weekend term holiday closed monthly fortnightly
safe safeguarding abuse violence refuge crisis helpline confidential private independent council charity trust society
association company cooperative neighbours neighbourhood village town county district area region national language
english urdu polish welsh punjabi arabic interpreter translation sign easy read large print website email telephone
newsletter leaflet waiting list space places limited booking essential first time newcomers beginners experience
qualified insured checked registered inspected rating good outstanding manager coordinator worker leader organiser
friends friendship company lonely isolated befriending visitor calls conversation laughter games cards bingo quiz trips
outings theatre cinema museum seaside countryside canal river allotment bench wildlife birds dog cat pets vet hair nails
feet toenails teeth glasses hearing aids batteries medication prescriptions collection delivery laundry ironing windows
gutters decorating joiner plumber electrician locksmith key keysafe smoke fire scams fraud police victim witness court
rights advocacy complaint voice represent forum meeting committee trustee chair treasurer secretary
"""
_SYLLABLES = """
ba be bo bra cal can che cor da del dun el er fa fen gar glen ha har hol in ka kel la lan len lo mar mel mer mi
mo nor o pen per pol que ra ren ri ros sal san sel she sta ta tam ter tho tor un va ven wa wes win wor yar zan
"""
_ENDINGS = (
    "",
    "",
    "",
    "s",
    "ing",
    "ed",
    "er",
    "ton",
    "ley",
    "ham",
    "field",
    "wood",
    "worth",
    "ly",
    "ness",
    "ment",
)
TRADE = tuple(_TRADE.split())
HEAD = tuple(dict.fromkeys((*_EVERYDAY.split(), *TRADE)))


@functools.cache
def tail(count: int) -> tuple[str, ...]:
    """Different words that nobody uses, the same every time."""
    draw = random.Random(count)
    syllables = _SYLLABLES.split()
    words: dict[str, None] = {}
    while len(words) < count:
        word = "".join(draw.choices(syllables, k=draw.choice((2, 2, 3, 3, 4)))) + draw.choice(_ENDINGS)
        words[word] = None
    return tuple(words)
