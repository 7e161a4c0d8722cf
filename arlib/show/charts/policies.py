"""Policy beside policy: the DSO each leads to, with its band, the cash it frees, and what it gains and costs."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from arlib.schema import HALF_CENT
from arlib.show.charts.axes import (
    SERIES,
    in_lines,
    money_unit,
    nothing_drawn,
    row_axis,
    row_legend,
    rows_high,
    stacked_bars,
    tip,
)
from arlib.show.charts.figures import days_text, short_amount, signed_amount, whole_money
from arlib.show.look import BLUE, GREY, INK, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, word

_ROOM = 62  # pixels, for the figure at the right of a row
_MOST_POLICIES = 20
_PARTS = {"financing_gained": 1, "discounts": -1, "action_cost": -1, "bad_debt": -1, "margin_lost": -1}


def policy_names(policies: Sequence[str], language: Language) -> list[str]:
    """What policies are called in a chart, today's terms first: cut where they are long, and no two alike."""
    shown = pd.Series([word("show.policy.today", language), *(shortened(str(name)) for name in policies[1:])])
    repeated = shown.groupby(shown).cumcount()
    return shown.where(repeated == 0, shown + " (" + (repeated + 1).astype("str") + ")").tolist()


def policies_chart(summary: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """Mean DSO of the last 30 days under each policy, with the band of eight outcomes of ten, and the cash it frees.

    Policies under which invoices fall due later than French law allows are marked. Where there is none, the
    receivable of the last day is drawn.

    Args:
        summary: `Simulation.summary`; beyond twenty policies the first ones are drawn.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.about.policies", language)
    measure = "dso_month" if summary["dso_month"].notna().all() else "receivable_end"
    rows = _rows(summary.head(1 + _MOST_POLICIES), measure, language)
    figures = ",.1f" if measure == "dso_month" else ",.0f"
    scale = alt.Scale(range=[10, alt.ExprRef(f"width - {_ROOM}")], nice=False, zero=False)
    base = alt.Chart(rows).encode(
        y=row_axis("label", rows["label"].tolist(), lines=True),
        tooltip=[
            tip("policy:N", word("show.policy", language)),
            tip("value:Q", word(f"charts.policies.{measure}", language), figures),
            tip("low:Q", word("show.low", language), figures),
            tip("high:Q", word("show.high", language), figures),
            tip("cash_gained:Q", word("charts.policies.cash_gained", language), ",.0f"),
            tip("illegal_invoices:Q", word("charts.policies.illegal", language), ",.0f"),
        ],
    )
    today = alt.Chart(rows.head(1)).mark_rule(color=GREY, strokeDash=[4, 3])
    band = base.mark_rule(strokeWidth=5, opacity=0.35)
    figure = base.mark_text(align="right").encode(x=alt.value(alt.ExprRef("width")), text="figure:N")
    x, colour = alt.X("value:Q", axis=None, scale=scale), _lawful(rows, language)
    drawn = (
        today.encode(x=x)
        + band.encode(x=alt.X("low:Q", axis=None, scale=scale), x2="high:Q", color=colour)
        + base.mark_point(filled=True, size=110, opacity=1).encode(x=x, color=colour, shape=_shape(rows, language))
        + base.mark_text(dy=-13, fontSize=11).encode(x=x, text="written:N")
        + figure
    )
    unit = word(f"charts.policies.unit_{measure}", language, currency=f" ({currency})" if currency else "")
    unit += _left_out(summary, language)
    finding = _finding(summary, language, currency)
    high = rows_high(42, rows["label"].tolist())
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _left_out(summary: pd.DataFrame, language: Language) -> str:
    left = len(summary) - 1 - _MOST_POLICIES
    return word("charts.policies.left", language, policies=left) if left > 0 else ""


def _rows(summary: pd.DataFrame, measure: str, language: Language) -> pd.DataFrame:
    """A row a policy, today's terms first."""
    names = policy_names(summary["policy"].tolist(), language)
    write = days_text if measure == "dso_month" else short_amount
    freed = [signed_amount(cash, language) for cash in summary["cash_gained"]]
    return pd.DataFrame(
        {
            "label": [in_lines(name) for name in names],
            "policy": names,
            "value": summary[measure],
            "low": summary[f"{measure}_low"],
            "high": summary[f"{measure}_high"],
            "written": [write(value, language) for value in summary[measure]],
            "figure": ["", *freed[1:]],
            "cash_gained": summary["cash_gained"],
            "illegal_invoices": summary["illegal_invoices"],
            "lawful": np.where(summary["illegal_invoices"].round() > 0, *reversed(_domain(language))),
        }
    )


def _domain(language: Language) -> list[str]:
    return [word("charts.policies.lawful", language), word("charts.policies.unlawful", language)]


def _lawful(rows: pd.DataFrame, language: Language) -> "alt.Color":
    domain = _domain(language)
    legend = row_legend() if rows["lawful"].eq(domain[1]).any() else None
    return alt.Color("lawful:N", scale=alt.Scale(domain=domain, range=[BLUE, VERMILLION]), legend=legend)


def _shape(rows: pd.DataFrame, language: Language) -> "alt.Shape":
    domain = _domain(language)
    legend = row_legend() if rows["lawful"].eq(domain[1]).any() else None
    return alt.Shape("lawful:N", scale=alt.Scale(domain=domain, range=["circle", "triangle-up"]), legend=legend)


def _finding(summary: pd.DataFrame, language: Language, currency: str) -> str:
    """The policy that frees most cash, with its DSO beside today's; those that break the law."""
    today, tried = summary.iloc[0], summary.iloc[1:]
    values = {"today": today["dso_month"]}
    if tried.empty and pd.isna(today["dso_month"]):
        owed = whole_money(float(today["receivable_end"]), language, currency)
        return word("charts.policies.today_owed", language, owed=owed)
    if tried.empty:
        return word("charts.policies.today", language, **values)
    best = tried.iloc[int(tried["cash_gained"].argmax())]
    freed = float(best["cash_gained"])
    values |= {"dso": best["dso_month"], "cash": whole_money(freed, language, currency)}
    in_days = pd.notna(best["dso_month"]) and pd.notna(today["dso_month"])
    one, most = ("one", "most") if in_days else ("one_cash", "most_cash")
    key = "none" if freed < HALF_CENT else one if len(tried) == 1 else most
    found = word(f"charts.policies.{key}", language, policy=shortened(str(best["policy"])), **values)
    illegal = summary["illegal_invoices"].round()
    return found + _breaking(tried[illegal.iloc[1:] > illegal.iloc[0]], language)


def _breaking(illegal: pd.DataFrame, language: Language) -> str:
    """Which policies break the law more than today's terms, by name where it is one."""
    if illegal.empty:
        return ""
    first = illegal.iloc[0]
    values = {"policy": shortened(str(first["policy"])), "invoices": first["illegal_invoices"]}
    key = "charts.policies.breaks" if len(illegal) == 1 else "charts.policies.break"
    return word(key, language, policies=len(illegal), **values)


def policy_costs_chart(summary: pd.DataFrame, *, language: Language = "en", currency: str = "") -> Drawing:
    """What each policy gains and costs over the horizon against today's terms, in money, and what is left.

    To the right what it gains, to the left what it costs: financing, discounts, the action itself, bad debt, margin on
    lost sales. The diamond is the net gain; there is none where a part of it is not known.

    Args:
        summary: `Simulation.summary`; beyond twenty policies the first ones are drawn.
        language: of the labels and figures.
        currency: of amounts, named when given.
    """
    about = word("charts.about.policy_costs", language)
    parts = _parts(summary.head(1 + _MOST_POLICIES), language)
    if parts.empty:
        return nothing_drawn(word("charts.policies.free", language), about, language)
    net = parts.drop_duplicates("label")
    scale = alt.Scale(range=[6, alt.ExprRef(f"width - {_ROOM}")], nice=False)
    y = row_axis("label", net["label"].tolist(), lines=True)
    names = {word(f"charts.policies.part.{part}", language): SERIES[n] for n, part in enumerate(_PARTS)}
    drawn_parts = parts[parts["amount"].abs() >= HALF_CENT]
    bars = stacked_bars(drawn_parts, "part", x=alt.X("amount:Q", axis=None, scale=scale), y=y, colours=names).encode(
        tooltip=[
            tip("policy:N", word("show.policy", language)),
            tip("part:N", word("charts.policies.what", language)),
            tip("amount:Q", money_unit(language, currency), "+,.0f"),
        ]
    )
    zero = alt.Chart(pd.DataFrame({"net": [0]})).mark_rule(color=GREY).encode(x=alt.X("net:Q", axis=None, scale=scale))
    row = alt.Chart(net).encode(y=y)
    diamond = row.mark_point(shape="diamond", filled=True, size=90, color=INK, opacity=1)
    diamond = diamond.transform_filter("isValid(datum.net)").encode(x=alt.X("net:Q", axis=None, scale=scale))
    figure = row.mark_text(align="right").encode(x=alt.value(alt.ExprRef("width")), text="figure:N")
    unit = word("charts.policies.unit_costs", language, currency=f" ({currency})" if currency else "")
    unit += _left_out(summary, language)
    finding = _net_finding(summary, language, currency)
    drawn, high = bars + zero + diamond + figure, rows_high(34, net["label"].tolist())
    return dressed(drawn, language, finding=finding, about=about, unit=unit, height=high)


def _parts(summary: pd.DataFrame, language: Language) -> pd.DataFrame:
    """A row a policy tried and a part of what it gains or costs, those that are nothing left out."""
    tried = summary.iloc[1:]
    names = policy_names(summary["policy"].tolist(), language)[1:]
    own = pd.DataFrame(
        {
            "label": [in_lines(name) for name in names],
            "policy": names,
            "net": tried["net_gained"].to_numpy(),
            "figure": [signed_amount(net, language) for net in tried["net_gained"]],
        }
    )
    each = [
        own.assign(
            part=word(f"charts.policies.part.{part}", language),
            place=place,
            amount=sign * (tried[part] - (0 if sign > 0 else summary[part].iloc[0])).to_numpy(),
        )
        for place, (part, sign) in enumerate(_PARTS.items())
    ]
    parts = pd.concat(each, ignore_index=True)
    return parts if parts["amount"].abs().ge(HALF_CENT).any() else parts.head(0)


def _net_finding(summary: pd.DataFrame, language: Language, currency: str) -> str:
    """The policy that gains most in all, and how many cost more than they gain; or that it is not known."""
    known = summary.iloc[1:].dropna(subset=["net_gained"])
    if known.empty:
        return word("charts.policies.net_unknown", language)
    best = known.iloc[int(known["net_gained"].argmax())]
    net = float(best["net_gained"])
    values = {"policy": shortened(str(best["policy"])), "amount": whole_money(abs(net), language, currency)}
    gains, costs = ("gains_one", "costs_one") if len(summary) == 2 else ("gains", "costs")  # noqa: PLR2004 - today's too
    key = "even" if abs(net) < HALF_CENT else gains if net > 0 else costs
    found = word(f"charts.policies.{key}", language, **values)
    missing = len(summary) - 1 - len(known)
    return found + (word("charts.policies.not_known", language, policies=missing) if missing else "")
