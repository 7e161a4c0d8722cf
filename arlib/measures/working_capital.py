"""What receivables cost: the cash they tie up, and what financing it costs a year. Two functions, two units.

Sources: maxcredible.com for the value of days (cash and yearly gain apart); several public pages print the one under
the name of the other.
"""

import numpy as np

from arlib.errors import ArlibError
from arlib.ledger import Day, Ledger, balance
from arlib.measures.dso import DAYS
from arlib.measures.dso.standing import Standing
from arlib.measures.figure import Figure
from arlib.measures.opening import known_from
from arlib.schema import HALF_CENT
from arlib.words import Sentence, say

YEAR = 365


def cash_of_days(sales: float, moved: float, *, days: int = YEAR) -> float:
    """The cash that so many days of DSO tie up, in money: sales / days they were made in × days moved."""
    return sales / days * moved


def yearly_cost(cash: float, rate: float) -> float:
    """What financing cash costs, in money a year: cash × rate.

    Raises:
        ArlibError: the rate is not a share from 0 to 1.
    """
    if not 0 <= rate <= 1:
        raise ArlibError(say("capital.rate", rate=rate))
    return cash * rate


def value_of_a_day(ledger: Ledger, as_of: Day | None = None, *, days: int = YEAR) -> Figure:
    """The cash one day of DSO ties up: sales of the last `days` days, tax included, / `days`, in money.

    Cash, once, when DSO moves by a day; never a cost, which is `financing_cost`. nan, with the reason, where the window
    begins before the ledger, holds no sales, or ends beyond the file's edge.
    """
    standing = Standing.of(ledger, as_of, days)
    inputs = {"sales": standing.sold, "days": days, "as_of": standing.day}
    formula = say("capital.day.formula", sales=standing.sold, window=days)
    note = standing.missing(days, standing.sold)
    if note:
        return Figure.missing(formula, inputs, note)
    return Figure(cash_of_days(standing.sold, 1, days=days), formula, inputs)


def financing_cost(ledger: Ledger, as_of: Day | None = None, *, rate: float) -> Figure:
    """What financing the receivable of a day costs: receivable × yearly rate, in money a year.

    The receivable has its tax in and its credits taken off; a net credit finances the company, its cost is negative.
    nan, with the reason, beyond the file's edge.

    Args:
        ledger: the ledger.
        as_of: the day; the ledger's last where none is given.
        rate: what a year of financing costs, as a share (0.05 is 5 %).

    Raises:
        ArlibError: the rate is not a share from 0 to 1.
    """
    standing = Standing.of(ledger, as_of)
    cost = yearly_cost(standing.receivable, rate)
    inputs = {"receivable": standing.receivable, "rate": rate, "as_of": standing.day}
    formula = say("capital.cost.formula", receivable=standing.receivable, rate=rate)
    return Figure.missing(formula, inputs, standing.edge) if standing.edge else Figure(cost, formula, inputs)


def receivables_growth(ledger: Ledger, start: Day, end: Day, *, days: int = DAYS) -> Figure:
    """Growth of the receivable between two days, as a share, with that of sales beside it.

    `note` compares it with the growth of the sales of the `days` days up to each day, `inputs["sales_growth"]`, and
    says how much of the receivable sales do not explain, `inputs["excess"]`: what is owed at the end, less what was
    owed at the start at the pace of sales. Both are nan where sales cannot be compared. The growth itself is nan where
    nothing was owed at the start, and beyond the file's edge; from the eve of a ledger it is known by its openings.
    """
    first, second = Standing.of(ledger, start, days), Standing.of(ledger, end, days)
    reason = first.missing(days, first.sold) or second.missing(days, second.sold)
    sales = np.nan if reason else second.sold / first.sold - 1
    excess = second.receivable - first.receivable * (1 + sales)
    inputs = {"receivable_start": first.receivable, "receivable_end": second.receivable, "sales_start": first.sold,
              "sales_end": second.sold, "sales_growth": sales, "excess": excess, "days": days}  # fmt: skip
    formula = say("capital.growth.formula", first=first.receivable, second=second.receivable)
    beyond = _unknown(first) or _unknown(second)
    if beyond:
        return Figure.missing(formula, inputs, beyond)
    if first.receivable <= HALF_CENT:
        return Figure.missing(formula, inputs, say("capital.growth.nothing", day=first.day))
    return Figure(second.receivable / first.receivable - 1, formula, inputs, _beside_sales(reason, inputs))


def weight_in_assets(ledger: Ledger, as_of: Day | None = None, *, total_assets: float) -> Figure:
    """The receivable, net of credits, as a share of total assets.

    Raises:
        ArlibError: total assets are not above zero, or less than the receivable, which is a part of them.
    """
    day, owed = ledger.day(as_of), balance(ledger, as_of)
    if not total_assets > 0 or owed > total_assets + HALF_CENT:
        raise ArlibError(say("capital.weight.assets", assets=total_assets, receivable=owed))
    inputs = {"receivable": owed, "total_assets": total_assets, "as_of": day}
    formula = say("capital.weight.formula", receivable=owed, assets=total_assets)
    return Figure(owed / total_assets, formula, inputs)


def _unknown(standing: Standing) -> Sentence | None:
    """Why what was owed on a day is not known; on the eve of a ledger its openings say it."""
    on_the_eve = known_from(standing.ledger) <= standing.day < standing.ledger.covers[0]
    return None if on_the_eve else standing.edge


def _beside_sales(reason: Sentence | None, inputs: dict[str, float]) -> Sentence:
    """What of the growth sales explain, or why that cannot be said."""
    if reason is not None:
        return say("capital.growth.no_sales", reason=reason)
    key = "capital.growth.more" if inputs["excess"] > 0 else "capital.growth.less"
    return say(key, sales=inputs["sales_growth"], excess=abs(inputs["excess"]), window=inputs["days"])
