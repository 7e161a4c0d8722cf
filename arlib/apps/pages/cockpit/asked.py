"""What the cockpit was asked, from the address: whatever it does not understand is as usual."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from arlib.apps.parts.table_view import TableState
from arlib.apps.visit.choices import Asked

Since = Literal["month", "year"]

EVERY_AGE = ""
OF_ALERTS = "a."  # before what is asked of the table of alerts, beside that of the debtors


@dataclass(frozen=True)
class CockpitAsked:
    """How a visitor looks at the cockpit.

    Attributes:
        bucket: the age bucket whose debtors are listed; `EVERY_AGE` for all of them.
        since: from which day the last change of DSO is explained: the last end of a month, or a year before.
        debtors: how their table stands.
        alerts: how their table stands.
    """

    bucket: str = EVERY_AGE
    since: Since = "month"
    debtors: TableState = field(default_factory=TableState)
    alerts: TableState = field(default_factory=TableState)

    @classmethod
    def of(cls, asked: Asked, buckets: Collection[str]) -> "CockpitAsked":
        """What the texts of an address stand for, on a ledger that has these age buckets."""
        bucket = asked.get("bucket", EVERY_AGE)
        since: Since = "year" if asked.get("since") == "year" else "month"
        known = bucket if bucket in buckets else EVERY_AGE
        return cls(known, since, TableState.of(asked), TableState.of(asked, OF_ALERTS))
