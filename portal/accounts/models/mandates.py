"""Who may act for whom, on what grounds, in which matters, and within which limits."""

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.accounts.models.people import Person, User, owner
from portal.db import Model, new_id

# nominated: the person chose them (Care and Support (Direct Payments) Regulations 2014). authorised: chosen for
# somebody who lacks capacity (Care Act 2014 s32). lpa: lasting power of attorney (Mental Capacity Act 2005 s9).
# deputy: appointed by the Court of Protection (s16). appointee: for benefits, by the DWP. trust_circle: several who
# decide together. managed: an organisation that looks after the account.
BASES = ("nominated", "authorised", "lpa", "deputy", "appointee", "trust_circle", "managed")
# Each holds what stands before it.
SCOPES = ("view", "request", "approve")
MANDATE_STATES = ("asked", "granted", "active", "refused", "ended")


class TrustCircle(Model):
    """Several people who act for one person together: `needed` of them must agree."""

    __tablename__ = "trust_circle"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    person_id: Mapped[uuid.UUID] = owner("person")
    needed: Mapped[int]

    __table_args__ = (sa.CheckConstraint("needed >= 1", name="somebody_needed"),)


class Mandate(Model):
    """What a representative may do for a person. One officer grants it, another approves; it ends at once.

    Limits are pence; none: no limit but the person's own. The days are inclusive, in UK time.
    """

    __tablename__ = "mandate"
    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    council_id: Mapped[uuid.UUID] = owner("council")
    person_id: Mapped[uuid.UUID] = owner("person")
    representative_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"), index=True)
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    circle_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("trust_circle.id"))
    basis: Mapped[str] = mapped_column(sa.String(16))
    scope: Mapped[str] = mapped_column(sa.String(10))
    payment_limit_pence: Mapped[int | None] = mapped_column(sa.BigInteger)
    month_limit_pence: Mapped[int | None] = mapped_column(sa.BigInteger)
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date | None]
    evidence: Mapped[str] = mapped_column(sa.String(200), default="")  # where the papers are, not the papers
    state: Mapped[str] = mapped_column(sa.String(10), default="asked")
    asked_by_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("user_account.id"))
    asked_at: Mapped[dt.datetime]
    granted_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    granted_at: Mapped[dt.datetime | None]
    approved_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    approved_at: Mapped[dt.datetime | None]
    ended_by_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("user_account.id"))
    ended_at: Mapped[dt.datetime | None]
    end_reason: Mapped[str] = mapped_column(sa.String(400), default="")
    person: Mapped[Person] = relationship()
    circle: Mapped[TrustCircle | None] = relationship()
    representative: Mapped[User | None] = relationship(foreign_keys=[representative_id])
    asked_by: Mapped[User] = relationship(foreign_keys=[asked_by_id])
    granted_by: Mapped[User | None] = relationship(foreign_keys=[granted_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    ended_by: Mapped[User | None] = relationship(foreign_keys=[ended_by_id])

    __table_args__ = (
        sa.CheckConstraint(f"basis in {BASES}", name="basis_known"),
        sa.CheckConstraint(f"scope in {SCOPES}", name="scope_known"),
        sa.CheckConstraint(f"state in {MANDATE_STATES}", name="state_known"),
        sa.CheckConstraint("(representative_id is null) <> (organisation_id is null)", name="one_who_acts"),
        sa.CheckConstraint("organisation_id is null or basis = 'managed'", name="managed_by_organisation"),
        sa.CheckConstraint("(circle_id is null) = (basis <> 'trust_circle')", name="circle_where_joint"),
        # Whoever grants it does not approve it, and neither is the one who is to act.
        sa.CheckConstraint("approved_by_id is null or approved_by_id <> granted_by_id", name="two_officers"),
        sa.CheckConstraint(
            "representative_id is null or ((granted_by_id is null or granted_by_id <> representative_id) and "
            "(approved_by_id is null or approved_by_id <> representative_id))",
            name="not_for_oneself",
        ),
        sa.CheckConstraint(
            "state not in ('granted', 'active') or granted_by_id is not null", name="granted_by_somebody"
        ),
        sa.CheckConstraint("state <> 'active' or approved_by_id is not null", name="approved_by_somebody"),
        sa.CheckConstraint("payment_limit_pence is null or payment_limit_pence >= 0", name="payment_limit"),
        sa.CheckConstraint("month_limit_pence is null or month_limit_pence >= 0", name="month_limit"),
        sa.CheckConstraint("ends_on is null or ends_on >= starts_on", name="days_in_order"),
    )
