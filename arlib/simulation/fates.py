"""What a ledger is too young to tell of payments: of customers without history, and of invoices that stay open."""

from typing import TYPE_CHECKING

import numpy as np

from arlib.behaviour import PaymentLaws
from arlib.behaviour.survival import LAST_DAY
from arlib.schema import Codes, day_number
from arlib.simulation.flows import Cells
from arlib.words import Sentence, say

if TYPE_CHECKING:
    from arlib.simulation.base import SimulationBase

MOST_UNKNOWN = 0.05  # of what is to come: were more of it paid late rather than never, no DSO would be what is said
_TOLD = 0.0005  # a share below is written 0.0%
_NAMED = 3  # customers told by name


def too_young(laws: PaymentLaws, cells: Cells, horizon: int) -> Sentence | None:
    """Why no DSO can be told: over 5 % of what is to come is open at the last age known, which the horizon goes beyond.

    Args:
        laws: the payment laws.
        cells: the invoices to come.
        horizon: days ahead.
    """
    today = np.array([day_number(laws.as_of)])
    seen = laws.calendar.day(laws.calendar.rank(today) + laws.known_days) - today
    told = fates_told(laws, cells, horizon) if seen[0] < horizon else None
    return told if told and unknown_share(cells, horizon) > MOST_UNKNOWN else None


def fates_told(laws: PaymentLaws, cells: Cells, horizon: int) -> Sentence | None:
    """How many days after due dates payments are known of, and what of the amounts to come is open by then, if any."""
    share = unknown_share(cells, horizon) if laws.known_days < LAST_DAY else 0.0
    return say("simulation.fates", days=max(laws.known_days, 0), share=share) if share >= _TOLD else None


def unknown_share(cells: Cells, horizon: int) -> float:
    """What of the amounts billed by the horizon is open at the last age the laws know of, and not expected later."""
    within = cells.issue <= horizon
    billed, never = float(cells.billed[within].sum()), float(cells.never[within].sum())
    return never / billed if billed > 0 else 0.0


def without_history(base: "SimulationBase") -> list[Sentence]:
    """Who has no history, and as whom each pays: those of its segment, what was said of it from outside, or all."""
    concerned = base.concerned[base.laws.effective_history[base.concerned] == 0]
    segments = base.customers["segment"]
    named = segments[segments.str.strip() != ""].nunique()
    last = named if named > 1 else 0  # of the segments' laws, which one segment alone has not
    prior = base.laws.prior_of[concerned]
    theirs = {
        "together": concerned[prior == 0],
        "segment": concerned[(prior > 0) & (prior <= last)],
        "opinion": concerned[prior > last],
    }
    return [
        say(f"simulation.without_history.{law}", without=len(who), who=_who(base, who))
        for law, who in theirs.items()
        if len(who)
    ]


def _who(base: "SimulationBase", customers: Codes) -> Sentence:
    """The first of some customers by name, and how many others there are."""
    rows = base.customers.iloc[customers]
    called = rows["name"].fillna(rows["customer_id"]).where(rows["name"].str.strip() != "", rows["customer_id"])
    others = len(called) - _NAMED
    names = ", ".join(called.head(_NAMED))
    return say(f"simulation.without_history.{'some' if others > 0 else 'named'}", names=names, others=others)
