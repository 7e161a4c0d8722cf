"""What all steps look at: receipts, claims, who may pay, which references were read; and what is still to explain."""

from dataclasses import dataclass

import numpy as np

from arlib.collection.receipts.claims import Claims
from arlib.collection.receipts.keys import mixed
from arlib.collection.receipts.lines import Lines
from arlib.collection.receipts.payers import Whose
from arlib.collection.receipts.references import NUMBER, Hits
from arlib.schema import Codes, Flags


@dataclass(frozen=True)
class Tolerances:
    """Differences between what is owed and what comes that are known: cents of fees, discounts, rounding."""

    fees: tuple[int, ...]
    discounts: tuple[float, ...]
    rounding: int


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything known before the matching.

    Attributes:
        lines, claims, whose, hits: receipts, open items, payers, references.
        number: the number the reference of each claim ends with, -1 for none.
        bare: claims whose reference is digits alone.
        tolerances: known differences.
        old, named_old: items that are settled, and which of them the texts name.
        heaped: receipts of an amount that is no evidence by itself: of whole tens, or of several items of the past.
        elsewhere: receipts of the amount of a payment that is booked to another customer near that day.
        repeated: receipts of the payer and amount of one a few days before; `retold`: and of the same text.
        on_account: receipts whose text says that they pay no invoice yet.
        says_discount: receipts whose text says that a discount is taken.
    """

    lines: Lines
    claims: Claims
    whose: Whose
    hits: Hits
    number: Codes
    bare: Flags
    tolerances: Tolerances
    old: Claims
    named_old: Hits
    heaped: Flags
    elsewhere: Flags
    repeated: Flags
    retold: Flags
    on_account: Flags
    says_discount: Flags

    def credible(self, claims: Claims, hits: Hits) -> Flags:
        """(hits,) exact readings: of a customer the receipt may be of, or of its amount; a chance number is neither."""
        known = mixed(self.whose.line.astype(np.uint64), self.whose.customer)
        agree = np.isin(mixed(hits.line.astype(np.uint64), claims.customer[hits.claim]), known)
        anybody = self.whose.count(len(self.lines.day))[hits.line] == 0
        same = claims.cents[hits.claim] == self.lines.cents[hits.line]
        return np.asarray((agree | anybody | same) & (hits.quality >= NUMBER), dtype=bool)

    def agrees(self, line: Codes, claim: Codes) -> tuple[Flags, Flags]:
        """Whether the customer of a claim is one the receipt may be of; whether the receipt's customer is another's."""
        known = mixed(self.whose.line.astype(np.uint64), self.whose.customer)
        agree = np.isin(mixed(line.astype(np.uint64), self.claims.customer[claim]), known)
        return agree, (self.whose.count(len(self.lines.day))[line] > 0) & ~agree
