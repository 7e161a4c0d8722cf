"""How much of the change of a receivable is exchange rates, when items are in several currencies."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger, open_amounts
from arlib.schema import OTHER, Codes, Floats, sum_by_code

_SIDES = 2  # what is owed, and credits: each has rates of one sign, so that their average is a rate too
_EXCHANGE, _UNKNOWN = _SIDES, _SIDES + 1
_PLACES = _SIDES + 2


def currency_effect(ledger: Ledger, start: Day, end: Day) -> pd.DataFrame:
    """The change of the receivable between two days, by currency, as quantities and rates.

    The receivable stands at the rates its documents were converted at. What is open on each day is a quantity in the
    currency at an average rate, and the change is exactly the sum of both effects, by midpoint weights and for debts
    and credits apart: Δ quantity × mean rate, and mean quantity × Δ rate.

    One row a currency met by the later day, sorted: `currency`; `receivable_start`, `receivable_end`, `change`, in the
    ledger's currency; `quantity_start`, `quantity_end`, in the currency, net of credits; `rate_start`, `rate_end`, what
    one unit of what is open stands for on average, nan where nothing is open; then what adds up to `change`:

    - `quantity_effect`; `rate_effect`, 0 for the ledger's own currency;
    - `exchange_differences`: entries without an amount in the currency, that revalue or close what was settled at
      another rate (trap 16);
    - `unquantified`: other items of a foreign currency whose amount in it the file does not give.

    An item without a currency is in the ledger's own.
    """
    days = ledger.day(start), ledger.day(end)
    codes, names = pd.factorize(ledger.items["currency"].fillna(ledger.currency), sort=True)
    place, per_unit = _quantified(ledger)
    first, second = (_Position.of(open_amounts(ledger, day), codes * _PLACES + place, per_unit) for day in days)
    rates = _known_rates(first.rates(), second.rates())
    quantity = (second.quantity - first.quantity) * (rates[0] + rates[1]) / 2
    rate = (first.quantity + second.quantity) / 2 * (rates[1] - rates[0])
    moved = second.money - first.money
    effects = pd.DataFrame(
        {
            "currency": pd.Series(names, dtype="str"),
            "receivable_start": first.money.sum(axis=1).round(2) + 0.0,
            "receivable_end": second.money.sum(axis=1).round(2) + 0.0,
            "change": moved.sum(axis=1).round(2) + 0.0,
            "quantity_start": first.quantity.sum(axis=1),
            "quantity_end": second.quantity.sum(axis=1),
            "rate_start": first.average(),
            "rate_end": second.average(),
            "quantity_effect": quantity.sum(axis=1) + 0.0,
            "rate_effect": rate.sum(axis=1) + 0.0,
            "exchange_differences": moved[:, _EXCHANGE].round(2) + 0.0,
            "unquantified": moved[:, _UNKNOWN].round(2) + 0.0,
        }
    )
    known = (ledger.items["booked_on"] <= max(days)).to_numpy()
    return effects[np.bincount(codes[known], minlength=len(names)) > 0].reset_index(drop=True)


@dataclass(frozen=True, eq=False)
class _Position:
    """What is open: `money` by currency and place, `quantity` in the currency by currency and side."""

    money: Floats
    quantity: Floats

    @classmethod
    def of(cls, opened: Floats, cells: Codes, per_unit: Floats) -> "_Position":
        size = (int(cells.max(initial=-1)) // _PLACES + 1) * _PLACES
        money, quantity = sum_by_code(cells, opened, size), sum_by_code(cells, opened * per_unit, size)
        return cls(money.reshape(-1, _PLACES), quantity.reshape(-1, _PLACES)[:, :_SIDES])

    def rates(self) -> Floats:
        """The average rate of each side; nan where nothing is open."""
        return _ratio(self.money[:, :_SIDES], self.quantity)

    def average(self) -> Floats:
        """The average rate of both sides."""
        return _ratio(np.abs(self.money[:, :_SIDES]).sum(axis=1), np.abs(self.quantity).sum(axis=1))


def _quantified(ledger: Ledger) -> tuple[Codes, Floats]:
    """The place of each item, and how much in its currency one unit of its amount stands for; 0 where unknown."""
    items, amount = ledger.items, ledger.items["amount"].to_numpy()
    own = (items["currency"].fillna(ledger.currency) == ledger.currency).to_numpy()
    written = np.nan_to_num(items["currency_amount"].abs().to_numpy())
    per_unit = np.where(own, 1.0, np.divide(written, np.abs(amount), out=np.zeros(len(items)), where=amount != 0))
    unknown = np.where(items["kind"] == OTHER, _EXCHANGE, _UNKNOWN)
    return np.where(per_unit > 0, (amount < 0).astype(np.intp), unknown), per_unit


def _known_rates(first: Floats, second: Floats) -> tuple[Floats, Floats]:
    """Both rates; a side open on one day only keeps its rate, so that all of it is quantity. 0 for one never open."""
    both = np.where(np.isnan(first), second, first), np.where(np.isnan(second), first, second)
    return np.nan_to_num(both[0]), np.nan_to_num(both[1])


def _ratio(money: Floats, quantity: Floats) -> Floats:
    ratio: Floats = np.divide(money, quantity, out=np.full(money.shape, np.nan), where=quantity != 0)
    return ratio
