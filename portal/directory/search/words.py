"""How text becomes search terms, the same for what services write and for what people type.

Case, accents and apostrophes do not count; common words fall away; English endings are cut. Other languages and
scripts go through the same steps, which leave them whole.
"""

import re
import unicodedata
import warnings
from functools import lru_cache

with warnings.catch_warnings():
    # Whoosh 2.7.4 has a few old escapes in its strings, which Python 3.12 and later remark on.
    warnings.simplefilter("ignore")
    from whoosh.lang.snowball.english import EnglishStemmer

# Past this a query is somebody's pasted letter; the first words say enough.
MOST_CHARACTERS = 300
MOST_TOKENS = 32
LONGEST_TOKEN = 40
_TOKEN = re.compile(r"[^\W_]+")
_APOSTROPHES = re.compile("['’ʼ`´]")
# Arabic letters that Urdu and Persian keyboards write in two ways. Source: Unicode, Arabic block.
_ONE_WAY = {"ي": "ی", "ى": "ی", "ك": "ک", "ة": "ہ", "ه": "ہ", "ı": "i", "ł": "l", "ø": "o", "ß": "ss"}
_STOP = """
a an the my i is to of and for in at on with he she her his it me we be am are was were our your you they them their
this that these those there here so as by or if from its im ive id hes shes theyre whos who what where when which how
do does did have has had having been being get gets getting got would should could can may just really very too also
any some about into onto us
"""
STOP = frozenset(_STOP.split())
# Words that say who asks or that they ask, and next to nothing about what for.
_LIGHT = """
mum mam mom mother dad father husband wife gran grandma granny nan nana grandad grandpa grandfather grandmother
son daughter brother sister auntie aunt uncle partner parent friend neighbour neighbor relative person people
someone somebody anyone something anything thing help need want like look find near nearby local around area
please service support old older elderly lady man woman pensioner oap advice information know go going make give
take out up more will cant said say says told bought feel feeling feels one myself himself herself dont doesnt
didnt wont isnt wasnt arent theres till until since then than because but again ever still while yet now today
always keep keeps much many too every all not no never nothing nobody speak speaks speaking tell tells explain
understand back done next another same other way let lets
"""
LIGHT = frozenset(_LIGHT.split())
# Ways of saying that something cannot be done, made one, since much of what people type begins so.
_CANT = re.compile(r"\b(?:can not|cannot|unable to|not able to|couldnt|struggles? to|struggling to)\b")
# Forms that no ending shows: what is asked in one of them is written in another. Only where care means the same by
# both: who "lost" somebody is losing nothing, who "held a knife" can hold one, and "broke" is also without money.
_FORMS = """
ate eaten=eat brought=bring came=come caught=catch children=child driven drove=drive drank drunk=drink fallen fell=fall
feet=foot forgot forgotten=forget found=find gave given=give goes went=go grandchildren=grandchild grew grown=grow
hid hidden=hide kept=keep knew known=know knives=knife made=make men=man ran=run rang rung=ring sang sung=sing sat=sit
seen=see shaken shook=shake shelves=shelf slept=sleep sold=sell spent=spend spoke spoken=speak stole stolen=steal
stood=stand swam=swim taught=teach teeth=tooth threw thrown=throw wept=weep wives=wife woke woken=wake women=woman
wore worn=wear written wrote=write
"""
# Words that the stemmer would join to others that mean something else: who is dying has not died.
_KEPT_APART = frozenset({"dying"})
_STEMMER = EnglishStemmer()


def fold(text: str) -> str:
    """The text in lower case without accents and apostrophes, letters of other scripts in one way of writing."""
    bare = _APOSTROPHES.sub("", text.casefold())
    if not bare.isascii():
        bare = unicodedata.normalize("NFKD", bare)
        # Few of the letters of a text are such that something is to be done, so each is looked at once.
        for letter in set(bare):
            if not letter.isascii():
                way = "" if unicodedata.combining(letter) else _ONE_WAY.get(letter, letter)
                bare = bare.replace(letter, way)
    return _CANT.sub("cant", bare)


def tokens(text: str) -> list[str]:
    """Every word of a text, folded, in order."""
    return [token[:LONGEST_TOKEN] for token in _TOKEN.findall(fold(text))]


def _forms(listed: str) -> dict[str, str]:
    """Each form with the word that it belongs to."""
    forms: dict[str, str] = {}
    waiting: list[str] = []
    for part in listed.split():
        form, _, word = part.partition("=")
        waiting.append(form)
        if word:
            forms |= dict.fromkeys(waiting, word)
            waiting = []
    return forms


_WORD_OF = _forms(_FORMS)


@lru_cache(maxsize=50_000)
def stem(token: str) -> str:
    """A folded word without its English ending. Source: the Snowball English stemmer (Porter, 2001).

    Irregular forms become the word they belong to.
    """
    word = _WORD_OF.get(token, token)
    if len(word) <= 3 or word in _KEPT_APART or not (word.isascii() and word.isalpha()):
        return word
    return str(_STEMMER.stem(word))


def stems(text: str) -> list[str]:
    """The search terms of a text: folded, without common words, stemmed, in order."""
    return [stem(token) for token in tokens(text) if token not in STOP]


LIGHT_STEMS = frozenset(stem(token) for token in LIGHT)


def typed(text: str) -> list[str]:
    """The words of what somebody typed, folded, common ones left out; cut short where it is endless.

    Where nothing but common words is left, those are what is searched.
    """
    every = tokens(text[:MOST_CHARACTERS])[:MOST_TOKENS]
    return [token for token in every if token not in STOP] or every
