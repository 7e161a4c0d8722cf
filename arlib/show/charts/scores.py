"""Who owes much and pays badly: the score of each customer against what it owes."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from arlib.risk.scorecard import Scorecard, read_scorecard
from arlib.schema import HALF_CENT, Floats
from arlib.show.charts.axes import MONEY_AXIS, nothing_drawn, tip
from arlib.show.charts.figures import share_text, whole_money
from arlib.show.look import BLUE, DARK_RED, GREY, ORANGE, SKY, VERMILLION, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, word

GRADE_COLOURS = (BLUE, SKY, ORANGE, VERMILLION, DARK_RED)  # best first; more grades share the last
_MOST_MARKS = 2_000
_MOST_LABELS, _NARROW_LABELS, _MOST_TRIED = 8, 3, 40
_LONGEST_LABEL = 24
_PLOT = (560.0, 320.0)  # pixels, for which labels are kept apart
_LETTER, _LINE, _GAP = 7.2, 17.0, 9.0  # pixels of a letter, of a line, and from a point to its label
_HEIGHT = 320


def score_exposure_chart(
    scores: pd.DataFrame,
    *,
    intervals: bool = False,
    scorecard: Scorecard | None = None,
    language: Language = "en",
    currency: str = "",
) -> Drawing:
    """What each customer owes by its score, a point a customer; the largest are named.

    Upright lines part the grades. A hollow point has little history behind it. Amounts are on a square-root scale, on
    which small customers are still told apart. The title says what the weakest grades owe.

    Args:
        scores: as `arlib.score_customers` returns it. Customers who owe nothing are left out, and beyond 2,000 marks
            those who owe least; both are counted under the title.
        intervals: whether to draw the range of each score, that of `p_low` and `p_high`.
        scorecard: the one `scores` was made with, where it is not the house's.
        language: of the labels and figures.
        currency: of the amounts, named when given.
    """
    about = word("charts.about.scores", language)
    owing = scores[scores["exposure"] >= HALF_CENT]
    if owing.empty:
        return nothing_drawn(word("charts.scores.none", language), about, language)
    card = scorecard or read_scorecard()
    first = _first_named(owing, card)
    drawn = _largest(owing, first["customer_id"], _MOST_MARKS // (2 if intervals else 1))
    rows = _rows(drawn, card)
    finding = _finding(owing, card, language, currency)
    points = _points(rows, list(card.grades), language)
    zones = _zones(card) + _ranges(rows) if intervals else _zones(card)
    layers = zones + points + _labels(rows, first["customer_id"])
    unit = _unit(scores, owing, drawn, language, currency)
    return dressed(layers, language, finding=finding, about=about, unit=unit, height=_HEIGHT)


def _largest(owing: pd.DataFrame, first: str, most: int) -> pd.DataFrame:
    """Those who owe most, the largest first, and whom the title names."""
    rank = owing["exposure"].mask(owing["customer_id"] == first, np.inf)
    return owing.loc[rank.nlargest(most).index].sort_values("exposure", ascending=False, kind="stable")


def _rows(drawn: pd.DataFrame, card: Scorecard) -> pd.DataFrame:
    """A row a customer: what is drawn of it, the largest first so that small ones lie above."""
    ends = [np.clip(card.points(drawn[name].to_numpy()), 0, 100) for name in ("p_high", "p_low")]
    bound = np.where(drawn["points_facts"] < 0, drawn["score"], 100)  # a fact caps the score, and its range with it
    kept = ["customer_id", "name", "score", "grade", "exposure", "overdue", "p_late", "insufficient_history"]
    rows = drawn[kept].reset_index(drop=True)
    return rows.assign(low=np.minimum(ends[0], bound), high=np.minimum(ends[1], bound))


def _score_axis(field: str, card: Scorecard) -> "alt.X":
    bounds = sorted({0.0, 100.0, *card.grades.values()})
    axis = alt.Axis(values=bounds, labelOverlap=False, labelFlush=False)
    return alt.X(f"{field}:Q", axis=axis, scale=alt.Scale(domain=[0, 100], nice=False, padding=6))


def _zones(card: Scorecard) -> "alt.LayerChart":
    """A line where a grade begins, and its letter above the scores it covers."""
    lowest = list(card.grades.values())
    ends = [100.0, *lowest[:-1]]
    zones = pd.DataFrame({"grade": list(card.grades), "low": lowest, "middle": np.add(lowest, ends) / 2})
    base = alt.Chart(zones)
    lines = (
        base.transform_filter("datum.low > 0")
        .mark_rule(strokeDash=[2, 3], color=GREY)
        .encode(x=_score_axis("low", card))
    )
    letters = base.mark_text(fontWeight=600, dy=-8, baseline="bottom").encode(
        x=_score_axis("middle", card), y=alt.value(0), text="grade:N"
    )
    drawn: alt.LayerChart = lines + letters
    return drawn


def _amount_axis() -> "alt.Y":
    return alt.Y("exposure:Q", axis=MONEY_AXIS, scale=alt.Scale(type="sqrt", zero=True, nice=True))


def _points(rows: pd.DataFrame, grades: Sequence[str], language: Language) -> "alt.Chart":
    colours = [GRADE_COLOURS[min(place, len(GRADE_COLOURS) - 1)] for place in range(len(grades))]
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_point(filled=True, size=70, opacity=0.85, strokeWidth=1.6)
        .encode(
            x=alt.X("score:Q"),
            y=_amount_axis(),
            fill=alt.Fill("grade:N", scale=alt.Scale(domain=list(grades), range=colours), legend=None),
            stroke=alt.Stroke("grade:N", scale=alt.Scale(domain=list(grades), range=colours), legend=None),
            fillOpacity=alt.condition("datum.insufficient_history", alt.value(0), alt.value(0.75)),
            tooltip=[
                tip("name:N", word("charts.debtor", language)),
                tip("score:Q", word("charts.score", language), ",d"),
                tip("low:Q", word("charts.score_low", language), ",d"),
                tip("high:Q", word("charts.score_high", language), ",d"),
                tip("grade:N", word("charts.grade", language)),
                tip("exposure:Q", word("charts.owed", language), ",.2f"),
                tip("overdue:Q", word("charts.overdue", language), ",.2f"),
                tip("p_late:Q", word("charts.p_late", language), ".1%"),
            ],
        )
    )
    return drawn


def _ranges(rows: pd.DataFrame) -> "alt.Chart":
    drawn: alt.Chart = (
        alt.Chart(rows)
        .mark_rule(opacity=0.45, strokeWidth=1.2, color=GREY)
        .encode(x=alt.X("low:Q"), x2="high:Q", y=_amount_axis())
    )
    return drawn


def _labels(rows: pd.DataFrame, first: str) -> "alt.Chart":
    """The name of the one in the title, then of the largest that have room for theirs; fewer on a narrow page."""
    named = rows["customer_id"] == first
    top = pd.concat([rows[named], rows[~named].head(_MOST_TRIED)])
    called = [shortened(name, _LONGEST_LABEL) for name in top["name"]]
    across = top["score"].to_numpy() / 100 * _PLOT[0]
    down = _PLOT[1] * (1 - np.sqrt(top["exposure"].to_numpy() / top["exposure"].max()))
    placed = _apart(across, down, [len(name) * _LETTER for name in called])
    labelled = top.iloc[list(placed)][["score", "exposure"]].assign(
        label=[called[place] for place in placed], left=list(placed.values()), place=range(len(placed))
    )
    shown = alt.ExprRef(f"drawn < 560 && datum.place >= {_NARROW_LABELS} ? 0 : 1")
    align, dx = alt.ExprRef("datum.left ? 'right' : 'left'"), alt.ExprRef("datum.left ? -9 : 9")
    drawn: alt.Chart = (
        alt.Chart(labelled)
        .mark_text(align=align, dx=dx, baseline="middle", opacity=shown)
        .encode(x=alt.X("score:Q"), y=_amount_axis(), text="label:N")
    )
    return drawn


def _apart(across: Floats, down: Floats, widths: Sequence[float]) -> dict[int, bool]:
    """The labels that have room right or left of their point, by place: whether it is left.

    None covers another, or a point of the largest; the first is kept whatever it covers.
    """
    placed: dict[int, bool] = {}
    taken: list[tuple[float, float, float]] = []
    for place, (x, y, width) in enumerate(zip(across, down, widths, strict=True)):
        near = across[(np.abs(down - y) < _LINE / 2) & (across != x)]
        spans = {False: (x + _GAP, x + _GAP + width), True: (x - _GAP - width, x - _GAP)}
        inside = [left for left, (start, end) in spans.items() if start >= 0 and end <= _PLOT[0]]
        free = [left for left in inside if _is_free(*spans[left], y, near, taken)]
        for left in (free or ([] if placed else inside))[:1]:
            placed[place] = left
            taken.append((*spans[left], y))
        if len(placed) == _MOST_LABELS:
            break
    return placed


def _is_free(start: float, end: float, line: float, near: Floats, taken: list[tuple[float, float, float]]) -> bool:
    on_labels = any(abs(other - line) < _LINE and start < last and begin < end for begin, last, other in taken)
    return not on_labels and not ((near > start - _GAP) & (near < end + _GAP)).any()


def _weakest(card: Scorecard) -> list[str]:
    """The last two grades of five."""
    grades = list(card.grades)
    return grades[-max(1, len(grades) * 2 // 5) :]


def _first_named(owing: pd.DataFrame, card: Scorecard) -> "pd.Series[Any]":
    """Whom the title names: who owes most of the weakest grades, or the lowest score where nobody has them."""
    weak = owing[owing["grade"].isin(_weakest(card))]
    if weak.empty:
        return owing.iloc[int(owing["score"].to_numpy().argmin())]
    return weak.iloc[int(weak["exposure"].to_numpy().argmax())]


def _finding(owing: pd.DataFrame, card: Scorecard, language: Language, currency: str) -> str:
    weakest, first = _weakest(card), _first_named(owing, card)
    told: dict[str, object] = {"grades": f" {word('charts.or', language)} ".join(weakest)}
    told |= {"name": shortened(first["name"])}
    weak = owing[owing["grade"].isin(weakest)]
    if weak.empty:
        return word("charts.scores.none_weak", language, **told, score=int(first["score"]))
    amount, whole = float(weak["exposure"].sum()), float(owing["exposure"].sum())
    told |= {"customers": len(weak), "amount": whole_money(amount, language, currency)}
    told |= {"share": share_text(amount / whole, language)}
    return word("charts.scores.weak" if len(weak) > 1 else "charts.scores.one_weak", language, **told)


def _unit(scores: pd.DataFrame, owing: pd.DataFrame, drawn: pd.DataFrame, language: Language, currency: str) -> str:
    """What is drawn, and what is left out."""
    days = int(scores["days_late"].iloc[0])
    late = word("risk.backtest.all_later" if days else "risk.backtest.all_late", language, days=days)
    unit = word("charts.scores.unit", language, currency=f"{currency}, " if currency else "", late=late)
    if drawn["insufficient_history"].any():
        unit += word("charts.scores.hollow", language)
    if len(owing) < len(scores):
        unit += word("charts.scores.nothing_owed", language, customers=len(scores) - len(owing))
    if len(drawn) < len(owing):
        share = 1 - float(drawn["exposure"].sum()) / float(owing["exposure"].sum())
        others = {"customers": len(owing) - len(drawn), "share": share_text(share, language)}
        unit += word("charts.scores.smallest", language, **others)
    return unit
