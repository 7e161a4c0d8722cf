"""The tables of what would change: policies, what reaches a DSO, whom to call first, financing, failures, readings."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.figures import signed_days
from arlib.show.charts.rows import Names, named
from arlib.show.tables.columns import captioned
from arlib.show.tables.html import Field, Html, Kind, in_lines, table
from arlib.show.tables.standing import group_names
from arlib.simulation.financing import FinancingCost
from arlib.simulation.levers.ranking import Effort
from arlib.words import Language, number, word

_HALF = 0.5  # of a unit of money: less is written as nothing
_COSTS = ("discounts", "action_cost", "bad_debt", "margin_lost")


def policies_table(summary: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """Each policy in a line, today's terms first: DSO, receivable, cash freed, net gain, what is illegal.

    Under DSO stand the days gained, under the receivable its range, under the net gain what is gained and lost against
    today's terms, as far as it is known; under each line, what it says. Amounts have no cents: nobody expects them.

    Args:
        summary: `Simulation.summary`.
        language: of the headings, figures and sentences.
        currency: of the amounts, named when given.
    """
    written = pd.DataFrame(
        {
            "policy": [word("show.policy.today", language), *summary["policy"].iloc[1:]],
            "dso_month": _dso_cells(summary, language),
            "receivable_end": _receivable_cells(summary, language),
            "cash_gained": [np.nan, *summary["cash_gained"].iloc[1:]],
            "net_gained": _net_cells(summary, language),
            "illegal_invoices": summary["illegal_invoices"].to_numpy(),
            "sentence": summary["sentence"].to_numpy(),
        },
        dtype="object",  # or cells of several lines become plain texts
    )
    figures = ("dso_month", "receivable_end", "cash_gained", "net_gained", "illegal_invoices")
    fields = [_field("policy", language), *(_field(name, language, "count") for name in figures)]
    caption = _caption("policies", language, currency)
    return table(written, fields, caption=caption, language=language, note="sentence")


def _dso_cells(summary: pd.DataFrame, language: Language) -> list[Html]:
    """The mean DSO of the last 30 days, and the days gained."""
    gained = [np.nan, *summary["dso_gained"].iloc[1:]]
    return [
        in_lines(number(end, language, 1), *([] if np.isnan(days) else [signed_days(-days, language)]))
        for end, days in zip(summary["dso_month"], gained, strict=True)
    ]


def _receivable_cells(summary: pd.DataFrame, language: Language) -> list[Html]:
    """What is owed on the last day, and the range of eight outcomes of ten."""
    names = ("receivable_end", "receivable_end_low", "receivable_end_high")
    return [
        in_lines(number(owed, language, 0), word("table.simulation.range", language, low=low, high=high))
        for owed, low, high in zip(*(summary[name] for name in names), strict=True)
    ]


def _net_cells(summary: pd.DataFrame, language: Language) -> list[Html]:
    """What each policy gains in all, and the parts of it that are known and not nothing."""
    tried, today = summary.iloc[1:], summary.iloc[0]
    changes = pd.DataFrame({"financing_gained": tried["financing_gained"]}).assign(
        **{cost: today[cost] - tried[cost] for cost in _COSTS}
    )
    cells = [Html("–")]
    for net, parts in zip(tried["net_gained"], changes.to_dict("records"), strict=True):
        told = [
            word("table.simulation.part", language, part=word(f"charts.policies.part.{name}", language), amount=amount)
            for name, amount in parts.items()
            if abs(amount) >= _HALF
        ]
        cells.append(in_lines(number(net, language, 0), *told))
    return cells


def target_table(found: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """What reaches a DSO, a line a lever and those it is moved for: how far it has to be moved, or that it cannot.

    Args:
        found: as `target_dso` returns it.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    rows = found[["lever", "scope", "segment", "customers", "needed", "reachable"]].to_dict("records")
    scopes = [
        word(f"simulation.lever.scope.{row['scope']}", language, customers=row["customers"], segment=row["segment"])
        for row in rows
    ]
    needed = [
        word(f"simulation.lever.needs.{row['lever']}", language, value=abs(row["needed"])) if row["reachable"] else "–"
        for row in rows
    ]
    levers = [word(f"simulation.lever.name.{row['lever']}", language) for row in rows]
    reachable = [word("table.yes" if row["reachable"] else "table.no", language) for row in rows]
    written = found.assign(scope=scopes, needed=needed, lever=levers, reachable=reachable)
    fields = [
        *(_field(name, language) for name in ("scope", "lever", "reachable", "needed")),
        _field("dso_reached", language, "days", of="dso_month"),
        _field("cash_gained", language, "count"),
    ]
    return table(written, fields, caption=_caption("target", language, currency), language=language)


def effort_table(
    ranking: pd.DataFrame,
    *,
    effort: Effort | None = None,
    names: Names | None = None,
    language: Language = "en",
    currency: str = "",
    rows: int = 10,
) -> Html:
    """Whom to call first: the customers who would free most cash for a day of work.

    Args:
        ranking: as `effort_ranking` returns it.
        effort: the work that was assumed; said in the caption when given.
        names: of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`.
        language: of the headings and figures.
        currency: of the amounts, named when given.
        rows: how many customers to list.
    """
    shown = named(ranking.head(rows), names)
    by = [name for name in ("customer_id", "name") if name in shown]
    written = shown.assign(customer=group_names(shown, by, language))
    fields = [
        Field("customer", word("table.customer", language)),
        *(_field(name, language, "count") for name in ("cash_freed", "invoices")),
        _field("effort_days", language, "days"),
        *(_field(name, language, "count") for name in ("cash_freed_per_day", "cash_freed_cumulated")),
    ]
    caption = _caption("effort", language, currency, (len(shown), len(ranking)))
    caption += "" if effort is None else f" {effort.sentence().text(language)}"
    return table(written, fields, caption=caption, language=language)


def financing_table(compared: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """Offers of financing, the cheapest a year first: rate, cost term by term, cash, real days, and whose the risk is.

    Args:
        compared: as `financing_compared` returns it.
        language: of the headings, figures and sentences.
        currency: of the amounts, named when given.
    """
    kinds = zip(compared["offer"], compared["kind"], strict=True)
    offers = [
        str(offer) if offer != kind else word(f"simulation.financing.kind.{kind}", language) for offer, kind in kinds
    ]
    risks = [word("table.yes" if kept else "table.no", language) for kept in compared["keeps_risk"]]
    terms = [name for name in (*FinancingCost.TERMS, "retained") if compared[name].abs().gt(HALF_CENT).any()]
    fields = [
        _field("offer", language),
        _field("yearly_rate", language, "percent"),
        *(_field(name, language, "money") for name in ("cost", *terms, "cash")),
        _field("days_gained", language, "count"),
        _field("keeps_risk", language),
    ]
    written = compared.assign(offer=offers, keeps_risk=risks)
    caption = _caption("financing", language, currency)
    return table(written, fields, caption=caption, language=language, note="sentence")


def default_table(lost: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """What the failure of the largest debtors would cost: what is at stake, comes back and is lost, and the cash hole.

    Args:
        lost: as `default_of_largest` returns it.
        language: of the headings, figures, dates and sentences.
        currency: of the amounts, named when given.
    """
    amounts = ("at_risk", "vat", "indemnity", "loss", "cash_hole")
    fields = [
        _field("debtors", language, "count"),
        *(_field(name, language, "count") for name in amounts),
        _field("cash_hole_on", language, "date"),
        _field("dso_after", language, "days"),
    ]
    return table(
        lost.drop_duplicates("debtors"),
        fields,
        caption=_caption("default", language, currency),
        language=language,
        note="sentence",
    )


def end_of_month_table(readings: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Html:
    """What end-of-month terms grant in either reading, by when in the month invoices go out.

    Args:
        readings: as `end_of_month_readings` returns it.
        language: of the headings and figures.
        currency: of the amounts, named when given.
    """
    written = readings.assign(
        invoicing=[word(f"charts.invoicing.{invoicing}", language) for invoicing in readings["invoicing"]],
        terms=[terms.sentence() for terms in readings["terms"]],
    )
    fields = [
        *(_field(name, language) for name in ("invoicing", "terms")),
        *(_field(name, language, "days") for name in ("days_granted", "days_apart", "dso")),
        *(_field(name, language, "count") for name in ("receivable", "cash_gained")),
    ]
    return table(written, fields, caption=_caption("end_of_month", language, currency), language=language)


def _field(name: str, language: Language, kind: Kind = "text", *, of: str = "") -> Field:
    """A column headed by its name, or by `name` where it is that of another column."""
    return Field(of or name, word(f"table.simulation.column.{name}", language), kind)


def _caption(name: str, language: Language, currency: str, shown: Sequence[int] = ()) -> str:
    """What the table is, its currency, and of how many lines it shows the first."""
    return captioned(word(f"table.simulation.{name}", language), language, currency, shown)
