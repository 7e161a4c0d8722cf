"""What is counted of each item's amount: in its document's currency, and its tax."""

import numpy as np

from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.schema import Floats
from arlib.words import say


def document_currency_shares(ledger: Ledger) -> Floats:
    """For each item, what one unit of its amount is in the currency of its document.

    An item in the currency of the ledger, or of no currency, counts as it is. A revaluation has no amount in the
    currency of its document, and counts for none.

    Raises:
        ArlibError: items in another currency whose amount in it is not known.
    """
    items = ledger.items
    amount, written = items["amount"].to_numpy(), items["currency_amount"].to_numpy()
    foreign = (items["currency"].notna() & (items["currency"] != ledger.currency)).to_numpy()
    unknown = foreign & ~np.isfinite(written) & (amount != 0)
    if unknown.any():
        first = int(np.argmax(unknown))
        raise ArlibError(say("aging.currency_amount", rows=int(unknown.sum()), item=items["item_id"].iloc[first]))
    shares = np.ones(len(items))
    counted = foreign & (amount != 0)
    shares[counted] = written[counted] / amount[counted]
    return shares


def tax_shares(ledger: Ledger) -> tuple[Floats, Floats]:
    """For each item, the share of tax in its amount, and 1 where none is known, 0 where it is.

    It is known where the amount without tax is of the sign of the amount and no larger.
    """
    amount, net = (ledger.items[name].to_numpy() for name in ("amount", "net_amount"))
    known = (amount != 0) & (net * np.sign(amount) >= 0) & (np.abs(net) <= np.abs(amount))
    shares = np.zeros(len(amount))
    shares[known] = 1 - net[known] / amount[known]
    return shares, (~known).astype(np.float64)
