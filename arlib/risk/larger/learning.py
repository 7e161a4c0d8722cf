"""How much history the larger model asks for, and how much of it it learns from."""

from dataclasses import dataclass

import numpy as np

from arlib.behaviour import Evidence
from arlib.schema import Days
from arlib.words import Sentence, say


@dataclass(frozen=True)
class Learning:
    """What the larger model needs, and the effort it makes.

    Attributes:
        least_customers, least_invoices, least_months: history under which it is no better than the simple one: paying
            customers, paid invoices, months in which paid invoices fell due.
        closings: past month ends whose following invoices are learnt from.
        invoices: how many of these are learnt from at most; more take time and teach little.
        trees: how many are grown.
        tested: past closings that `choose_forecast` tries it on.
    """

    least_customers: int = 300
    least_invoices: int = 10_000
    least_months: int = 6
    closings: int = 9
    invoices: int = 27_000
    trees: int = 150
    tested: int = 6

    def lacking(self, evidence: Evidence) -> Sentence | None:
        """Why a ledger is too small for the larger model on a day; None where it is large enough."""
        paid = evidence.paid
        seen = {
            "customers": len(np.unique(evidence.customer[paid])),
            "invoices": round(float(evidence.weight[paid].sum())),
            "months": len(np.unique(evidence.due[paid].astype("datetime64[D]").astype("datetime64[M]"))),
        }
        least = {"customers": self.least_customers, "invoices": self.least_invoices, "months": self.least_months}
        if all(seen[name] >= least[name] for name in least):
            return None
        asked = {f"least_{name}": number for name, number in least.items()}
        return say("risk.larger.too_small", day=evidence.as_of, **seen, **asked)

    @property
    def least_paid(self) -> int:
        """Invoices paid by a closing without which its laws teach nothing; payments without which lessons do not."""
        return max(self.least_invoices // 10, 1)

    def taught_by(self, evidence: Evidence, closings: Days) -> Days:
        """Those of some closings (day numbers) by which enough had been paid for their laws to say something."""
        paid_on = np.sort((evidence.due + evidence.days_late)[evidence.paid])
        return closings[np.searchsorted(paid_on, closings, side="right") >= self.least_paid]


USUAL = Learning()
