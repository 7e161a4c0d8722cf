"""Who pays for a policy and who gains: customers by the cash it frees or costs at each."""

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import bar_axis, figures_beside, money_unit, nothing_drawn, row_axis, rows_high, tip
from arlib.show.charts.figures import signed_amount, whole_money
from arlib.show.charts.rows import Names, group_names, named
from arlib.show.look import BLUE, GREY, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, word

_MOST_CUSTOMERS = 12
_ROOM = 56


def cash_gains_chart(
    by_customer: pd.DataFrame,
    *,
    policy: str | None = None,
    names: Names | None = None,
    language: Language = "en",
    currency: str = "",
) -> Drawing:
    """The customers at which a policy frees most cash, or costs most, a bar each, and the others together.

    Args:
        by_customer: as `simulate_by_customer` returns it, today's terms first; beyond twelve customers the others are
            put together.
        policy: which of its policies; the last by default.
        names: of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.gains", language)
    policy = str(by_customer["policy"].iloc[-1]) if policy is None else policy
    own = by_customer[by_customer["policy"] == policy]
    moved = own[own["cash_gained"].abs() >= HALF_CENT]
    if moved.empty:
        return nothing_drawn(word("charts.gains.none", language, policy=shortened(policy)), about, language)
    rows = _rows(moved, names, language)
    bars = alt.Chart(rows).encode(
        x=bar_axis("cash_gained", left=_ROOM if rows["cash_gained"].lt(0).any() else 0, right=_ROOM),
        y=row_axis("label", rows["label"].tolist()),
        tooltip=[
            tip("label:N", word("table.customer", language)),
            tip("cash_gained:Q", money_unit(language, currency), "+,.0f"),
        ],
    )
    scale = alt.Scale(domain=["gains", "costs", "rest"], range=[BLUE, VERMILLION, GREY])
    drawn = bars.mark_bar(size=16, cornerRadiusEnd=3).encode(color=alt.Color("side:N", scale=scale, legend=None))
    values = {"policy": shortened(policy), "customers": len(own)}
    finding = _finding(moved.assign(lost=_lost(by_customer, own)), values, language, currency)
    unit = word("charts.gains.unit", language, currency=f" ({currency})" if currency else "")
    drawn = drawn + figures_beside(bars, "cash_gained")
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=rows_high(26))


def _rows(moved: pd.DataFrame, names: Names | None, language: Language) -> pd.DataFrame:
    """A row a bar: the customers moved most, those who gain most first, then the others together."""
    order = moved["cash_gained"].abs().sort_values(ascending=False, kind="stable").index
    ranked = moved.loc[order, ["customer_id", "cash_gained"]]
    top, rest = ranked.head(_MOST_CUSTOMERS), ranked["cash_gained"].iloc[_MOST_CUSTOMERS:]
    top = named(top.sort_values("cash_gained", ascending=False, kind="stable"), names)
    by = [name for name in ("customer_id", "name") if name in top]
    rows = pd.DataFrame({"label": group_names(top, by), "cash_gained": top["cash_gained"]})
    rows["side"] = np.where(rows["cash_gained"] > 0, "gains", "costs")
    if len(rest):
        label = word("table.others", language, rows=len(rest))
        others = pd.DataFrame({"label": [label], "cash_gained": [rest.sum()], "side": ["rest"]})
        rows = pd.concat([rows, others], ignore_index=True)
    return rows.assign(figure=[signed_amount(cash, language) for cash in rows["cash_gained"]])


def _finding(moved: pd.DataFrame, values: dict[str, object], language: Language, currency: str) -> str:
    """What is freed and what comes later, or not at all, and at how few customers half of the larger of both is."""
    gained, lost = moved["cash_gained"].clip(lower=0), -moved["cash_gained"].clip(upper=0)
    missing = "less" if (moved["lost"] & (lost > 0)).any() else "later"
    frees = gained.sum() >= lost.sum()
    larger = (gained if frees else lost).sort_values(ascending=False)
    few = int((larger.cumsum() >= larger.sum() / 2).argmax()) + 1
    told = values | {"amount": whole_money(float(larger.sum()), language, currency), "few": few}
    found = word("charts.gains.frees" if frees else f"charts.gains.costs_{missing}", language, **told)
    other = lost if frees else gained
    if other.sum() < HALF_CENT:
        return found
    told = {"amount": whole_money(float(other.sum()), language, currency), "customers": int((other > 0).sum())}
    return found + word(f"charts.gains.lost_{missing}" if frees else "charts.gains.gained", language, **told)


def _lost(by_customer: pd.DataFrame, own: pd.DataFrame) -> "pd.Series[bool]":
    """Whether each customer buys less than under today's terms, or is granted more: that does not come later."""
    first = by_customer[by_customer["policy"] == by_customer["policy"].iloc[0]].set_index("customer_id")
    sales, granted = (first[name].reindex(own["customer_id"]).to_numpy() for name in ("sales", "discounts"))
    lost: pd.Series[bool] = (own["sales"] < sales - HALF_CENT) | (own["discounts"] > granted + HALF_CENT)
    return lost
