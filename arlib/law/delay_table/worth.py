"""With or without VAT: what each item counts for, on one basis for amounts and turnover alike."""

from dataclasses import dataclass

import numpy as np

from arlib.errors import ArlibError
from arlib.law.delay_table.result import Basis
from arlib.ledger import Ledger
from arlib.measures.aging.worth import tax_shares
from arlib.schema import Flags, Floats
from arlib.words import Sentence, say


@dataclass(frozen=True, eq=False)
class Worth:
    """What each item of a ledger counts for.

    Attributes:
        shares: (items,) of its amount with tax.
        note: what was assumed of items whose tax is not known; none where nothing was.
    """

    shares: Floats
    note: Sentence | None

    @classmethod
    def of(cls, ledger: Ledger, basis: Basis, used: Flags, vat_rate: float | None) -> "Worth":
        """What items count for on a basis.

        Args:
            ledger: the ledger.
            basis: with tax (`gross`) or without (`net`).
            used: which items a table counts.
            vat_rate: assumed of items whose amount without tax is not known.

        Raises:
            ArlibError: another basis; a rate below 0, or of 100 % and more; amounts without tax are asked and those of
                items that count are not known: a table never adds net amounts and gross ones.
        """
        if basis not in ("gross", "net"):
            raise ArlibError(say("law.delay.basis", basis=basis))
        if vat_rate is not None and not 0 <= vat_rate < 1:
            raise ArlibError(say("risk.provision.vat_rate", rate=vat_rate))
        if basis == "gross":
            return cls(np.ones(len(used)), None)
        taxed, untold = tax_shares(ledger)
        unknown = used & (untold > 0)
        if not unknown.any():
            return cls(1 - taxed, None)
        amount = np.abs(ledger.items["amount"].to_numpy()[unknown]).sum()
        told = {"items": int(unknown.sum()), "amount": round(float(amount), 2)}
        if vat_rate is None:
            raise ArlibError(say("law.delay.net_unknown", **told))
        assumed = np.where(untold > 0, vat_rate / (1 + vat_rate), taxed)
        return cls(1 - assumed, say("law.delay.vat_assumed", rate=vat_rate, **told))
