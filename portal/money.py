"""Money: whole pence in code, "£1,234.50" on the page. Never a float, never a fraction of a penny."""

import re
from decimal import ROUND_HALF_UP, Decimal

from portal.errors import Refusal

# Two million pounds: far past any personal budget, and well inside a 64-bit integer of pence.
MOST_PENCE = 200_000_000
_AMOUNT = re.compile(r"-?£?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?", re.ASCII)


def pounds(pence: int) -> str:
    """Pence as people read them: 123450 -> "£1,234.50"; a debt has its minus before the pound sign."""
    sign = "-" if pence < 0 else ""
    return f"{sign}£{abs(pence) // 100:,}.{abs(pence) % 100:02d}"


def pence(text: str, *, too_odd: str, too_much: str) -> int:
    """Pence from what somebody typed: "£1,234.50", "1234.5" or "1234".

    Raises Refusal(too_odd) for anything that is not an amount in pounds, and Refusal(too_much) past MOST_PENCE.
    """
    bare = text.strip().replace(" ", "")
    if len(bare) > 20 or not _AMOUNT.fullmatch(bare):
        raise Refusal(too_odd, status=422)
    amount = int(Decimal(bare.replace("£", "").replace(",", "")) * 100)
    if abs(amount) > MOST_PENCE:
        raise Refusal(too_much, status=422)
    return amount


def rounded(amount: Decimal) -> int:
    """Whole pence from an exact amount of pence, halves away from zero (as HMRC and councils round)."""
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))
