"""The third act: how soon invoices go out, which terms they carry against the law, what other terms would bring."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from arlib.export.report.draft import Draft
from arlib.export.report.measured import measured
from arlib.export.report.values import Block, Drawn, Listed, Part, Points, Text
from arlib.law.latest.dates import BEYOND, UNKNOWN
from arlib.schema import HALF_CENT
from arlib.show import charts, tables
from arlib.show.charts.levers import lever_name
from arlib.simulation import largest_discount
from arlib.words import Sentence, say

_NOTES = 4


def bill_better(draft: Draft) -> Part:
    """What to change before the invoice leaves."""
    sections = (
        draft.section("billing_lag", _billing_lag),
        draft.section("law", _law),
        draft.section("levers", _levers),
        draft.section("policies", _policies),
        draft.section("discount", _discount),
    )
    return Part("bill", draft.word("report.act.bill"), draft.word("report.about.bill"), sections)


def _billing_lag(draft: Draft) -> tuple[Block, ...]:
    lag = draft.asked.billing_lag
    if lag.empty or not lag["invoices"].any():
        return (draft.missing("report.no_lag"),)
    blocks: list[Block] = []
    known = set(lag.loc[lag["invoices"] > 0, "step"])
    if not any(step.startswith(("order", "delivery")) for step in known):
        blocks.append(draft.missing("report.no_delivery"))
    due = lag[lag["step"] == "invoice_to_due"]
    if due["weighted_days"].notna().any():
        days, rows = float(due["weighted_days"].iloc[0]), int(due["invoices"].iloc[0])
        blocks.append(draft.say("report.granted", _granted(draft, days, rows), days=days, rows=rows))
    caption = draft.word("report.steps")
    table = tables.frame_table(lag, caption=caption, language=draft.language)
    return *blocks, Listed(table, draft.call("billing_lag"))


def _granted(draft: Draft, days: float, rows: int) -> str:
    return draft.figure(
        "granted", days, "days", call=draft.call("billing_lag"), rule=draft.word("report.rule.granted", rows=rows)
    )


def beyond_law(draft: Draft) -> str:
    """The figure of the cash that terms beyond the law tie up."""
    against, legal = draft.asked.terms_against_law, draft.asked.legal_due_dates.invoices
    window = legal["issued_on"] > against.as_of - pd.Timedelta(days=against.days)
    return draft.figure(
        "beyond_law",
        against.cash_beyond_law,
        "money",
        call=draft.call("terms_against_law") + ".cash_beyond_law",
        rule=draft.word("report.rule.beyond_law", days=against.days),
        items=legal[window & (legal["status"] == BEYOND)],
        amount="amount",
        sheet="due_dates",
    )


def _law(draft: Draft) -> tuple[Block, ...]:
    against, legal = draft.asked.terms_against_law, draft.asked.legal_due_dates
    status = legal.invoices["status"]
    beyond, unknown = int((status == BEYOND).sum()), int((status == UNKNOWN).sum())
    lines = [draft.say("report.law", beyond_law(draft), rows=len(status), beyond=beyond, unknown=unknown)]
    if against.cash_beyond_law > HALF_CENT:
        lines.append(draft.say("report.beyond_law", beyond_law(draft), amount=draft.money(against.cash_beyond_law)))
    if against.cash_beyond_agreed > HALF_CENT:
        lines.append(
            draft.say("report.beyond_agreed", _beyond_agreed(draft), amount=draft.money(against.cash_beyond_agreed))
        )
    notes = Points(tuple(draft.told(note, kind="note") for note in against.notes[:_NOTES]))
    tabled = Listed(tables.legal_due_dates_table(legal, **draft.shown), draft.call("legal_due_dates"))
    favours = Listed(tables.terms_against_law_table(against, **draft.shown), draft.call("terms_against_law"))
    anybody = against.cash_beyond_law > HALF_CENT or against.cash_beyond_agreed > HALF_CENT
    return *lines, tabled, *((favours,) if anybody else ()), notes


def _beyond_agreed(draft: Draft) -> str:
    return draft.figure(
        "beyond_agreed",
        draft.asked.terms_against_law.cash_beyond_agreed,
        "money",
        call=draft.call("terms_against_law") + ".cash_beyond_agreed",
        rule=draft.word("report.rule.beyond_agreed", days=draft.asked.terms_against_law.days),
    )


class Lever(NamedTuple):
    """A lever moved the way that frees cash: its name, how far (days, or a share), what it frees, in a sentence."""

    name: str
    step: float
    gained: float
    sentence: Sentence


def levers(draft: Draft) -> tuple[Lever, ...]:
    """The levers of the company that free cash, the most first; sales are none of them."""
    moved = draft.asked.tornado
    ends = moved.assign(
        gained=np.fmax(moved["cash_low"], moved["cash_high"]) - moved["cash"],
        step=np.where(moved["cash_low"] > moved["cash_high"], moved["low"], moved["high"]),
    )
    own = ends[ends["lever"].isin(_OWN) & (ends["gained"] > HALF_CENT)]
    ordered = own.sort_values("gained", ascending=False, kind="stable")
    return tuple(map(Lever, *(ordered[name].tolist() for name in ("lever", "step", "gained", "sentence"))))


def lever(draft: Draft, moved: Lever) -> str:
    """The figure of what a lever frees."""
    return draft.figure(
        f"lever_{moved.name}",
        moved.gained,
        "money",
        call=f"tornado({draft.call('prepare')})",
        rule=moved.sentence,
        label=draft.word("report.figure.lever", lever=lever_name(moved.name, draft.language)),
    )


def _levers(draft: Draft) -> tuple[Block, ...]:
    lines = tuple(draft.told(moved.sentence, lever(draft, moved)) for moved in levers(draft)[:_NOTES])
    chart = charts.tornado_chart(draft.asked.tornado, **draft.shown)
    return draft.say("report.levers"), Drawn(chart, f"tornado({draft.call('prepare')})"), Points(lines)


class Tried(NamedTuple):
    """A policy beside today's terms: what it frees, the days of DSO it gains, whether the law allows it."""

    name: str
    gained: float
    days: float
    illegal: float
    sentence: Sentence


def tried(draft: Draft) -> tuple[Tried, ...]:
    """The policies simulated, in the order they were given."""
    rows = draft.asked.simulation.summary.iloc[1:]
    names = ("policy", "cash_gained", "dso_gained", "illegal_invoices", "sentence")
    return tuple(map(Tried, *(rows[name].tolist() for name in names)))


def policy(draft: Draft, found: Tried) -> str:
    """The figure of the cash a policy frees."""
    return draft.figure(
        f"policy_{found.name}",
        found.gained,
        "money",
        call=draft.call("simulate", "policies") + ".summary",
        rule=found.sentence,
        label=draft.word("report.figure.policy", policy=found.name),
    )


def _policies(draft: Draft) -> tuple[Block, ...]:
    usual = () if draft.asked.policies else (draft.told(say("export.simulation.usual"), kind="note"),)
    simulation, call = draft.asked.simulation, draft.call("simulate", "policies")
    lines = tuple(draft.told(found.sentence, policy(draft, found)) for found in tried(draft))
    notes = tuple(draft.told(note, kind="note") for note in simulation.assumptions[:_NOTES])
    return (
        *usual,
        Points(lines),
        Drawn(charts.policies_chart(simulation.summary, **draft.shown), call),
        Listed(tables.policies_table(simulation.summary.assign(sentence=None), **draft.shown), call),
        Points(notes),
    )


def _discount(draft: Draft) -> tuple[Block, ...]:
    terms = draft.asked.weighted_terms.iloc[0]
    days, rate = float(terms["closed_days_to_pay"]), draft.asked.costs.financing_rate
    lines: list[Text] = []
    if np.isnan(days):
        lines.append(draft.missing("report.no_payment"))
    elif rate is None:
        lines.append(draft.missing("report.no_rate"))
    else:
        early = max(days - _DISCOUNT_DAYS, 0.0)
        told = {"days": days, "within": _DISCOUNT_DAYS, "share": largest_discount(early, rate), "rate": rate}
        lines.append(draft.say("report.discount", measured(draft, "days_late"), **told))
    deposit = next((each for each in levers(draft) if each.name == "deposit_share"), None)
    if deposit is not None:
        asked = {"share": deposit.step, "amount": draft.money(deposit.gained)}
        lines.append(draft.say("report.deposit", lever(draft, deposit), **asked))
    return tuple(lines)


_OWN = ("terms_days", "lateness_factor", "faster_invoicing_days", "deposit_share", "direct_debit_share")
_DISCOUNT_DAYS = 10
