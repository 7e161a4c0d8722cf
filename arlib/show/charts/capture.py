"""What a worklist sorted by the score would have caught of the lateness to come, beside the usual ones."""

import pandas as pd

from arlib.risk.backtest import RiskBacktest
from arlib.show.charts.axes import MOST_SERIES, SERIES, diagonal, nothing_drawn, series_channels, tip
from arlib.show.charts.figures import share_text
from arlib.show.look import BLUE, GREY, Drawing, dressed
from arlib.show.vega import alt
from arlib.words import Language, has_word, word

_LAW, _USUAL, _BEST = "law", "overdue_amount", "best"
_RULES = (_LAW, _USUAL, "days_overdue", "amount", _BEST)
_TENTH = 0.1
_NAMED_SHARES = (0, 0.1, 0.2, 0.4, 0.6, 0.8, 1)
_HEIGHT = 320


def capture_chart(backtest: RiskBacktest, *, language: Language = "en") -> Drawing:
    """The share of the lateness to come (amount × days) that the first of a worklist held, by how much of it is called.

    A line a rule that sorts the worklist: the score, the usual ones, the best possible, which nobody knows beforehand.
    The dashed diagonal is calling in any order; the upright line, the range of the score's first tenth, of which the
    title speaks.

    Args:
        backtest: as `arlib.backtest_risk` returns it; models of one's own are drawn while there is a colour for them.
        language: of the labels and figures.
    """
    about = word("charts.about.capture", language)
    curve = backtest.capture_curve.dropna(subset="caught_share")
    if curve.empty:
        return nothing_drawn(word("charts.capture.none", language), about, language)
    own = [rule for rule in dict.fromkeys(curve["rule"]) if rule not in _RULES][: MOST_SERIES - len(_RULES) + 1]
    rules = [_LAW, *own, *_RULES[1:]]
    labels = {rule: rule_label(rule, language) for rule in rules}
    rows = curve[curve["rule"].isin(rules)].assign(series=lambda each: each["rule"].map(labels)).drop(columns="rule")
    shares = backtest.capture.set_index("rule")
    lines = _lines(rows, list(labels.values()), language)
    layers = [diagonal("called_share", "caught_share", 1), lines, _tenth(shares.loc[[_LAW]])]
    drawn = alt.LayerChart(layer=layers)
    told = {"snapshots": int(shares["snapshots"].iloc[0]), "items": int(shares["items"].iloc[0])}
    unit = word("charts.capture.unit", language, **told)
    return dressed(drawn, language, finding=_finding(shares, language), about=about, unit=unit, height=_HEIGHT)


def rule_label(rule: str, language: Language) -> str:
    """What a rule that sorts worklists is called; a model of one's own keeps its name."""
    key = f"charts.rule.{rule}"
    return word(key, language) if has_word(key) else rule


def _lines(rows: pd.DataFrame, series: list[str], language: Language) -> "alt.Chart":
    colours = (*SERIES[: len(series) - 1], GREY)  # the best possible is no rule
    scale = alt.Scale(domain=[0, 1])
    lines: alt.Chart = (
        alt.Chart(rows)
        .mark_line(strokeWidth=2.5)
        .encode(
            x=alt.X("called_share:Q", axis=alt.Axis(format=".0%", values=list(_NAMED_SHARES)), scale=scale),
            y=alt.Y("caught_share:Q", axis=alt.Axis(format=".0%"), scale=scale),
            tooltip=[
                tip("series:N", word("charts.capture.rule", language)),
                tip("called_share:Q", word("charts.capture.called", language), ".0%"),
                tip("caught_share:Q", word("charts.capture.caught", language), ".1%"),
            ],
            **series_channels("series", series, colours),
        )
    )
    return lines


def _tenth(law: pd.DataFrame) -> "alt.LayerChart":
    """The first tenth by the score, with its range where there is one."""
    rows = law.reset_index(drop=True).assign(called_share=_TENTH)
    base = alt.Chart(rows).encode(x="called_share:Q")
    dot = base.mark_point(filled=True, size=70, opacity=1, color=BLUE).encode(y="share:Q")
    ranged = base.transform_filter("isValid(datum.low) && isValid(datum.high)")
    drawn: alt.LayerChart = ranged.mark_rule(color=BLUE, strokeWidth=2).encode(y="low:Q", y2="high:Q") + dot
    return drawn


def _finding(shares: pd.DataFrame, language: Language) -> str:
    law, usual, best = shares["share"].reindex([_LAW, _USUAL, _BEST]).tolist()
    told = {name: share_text(share, language) for name, share in (("score", law), ("usual", usual), ("best", best))}
    key = "same" if told["score"] == told["usual"] else "more" if law > usual else "less"
    return word(f"charts.capture.{key}", language, **told)
