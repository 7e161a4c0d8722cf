"""The page for the board: whether it ties, six figures, ages, DSO and why it moved, debtors, cash, three decisions."""

from collections.abc import Callable

from arlib.export.report.collect import forecast_text
from arlib.export.report.decisions import decisions
from arlib.export.report.diagnose import bridge_text, concentration_text, proof_text
from arlib.export.report.draft import Draft
from arlib.export.report.measured import missing_figure, tile
from arlib.export.report.values import Block, Column, Decisions, Drawn, Listed, Plain, Row, Section, Tiles
from arlib.show import charts, tables
from arlib.show.look import Drawing
from arlib.show.tables import Field

_TILES = ("balance", "overdue", "overdue_share", "dso", "days_late", "collection_effectiveness")
_WIDTH, _HEIGHT = 480, 130  # pixels of a chart in half a page, and of its plot
_DEBTORS = 5


def board(draft: Draft) -> Section:
    """One page of A4: what a board has to know and to decide."""
    return draft.section("board", _blocks)


def _blocks(draft: Draft) -> tuple[Block, ...]:
    tiles = Tiles(tuple(tile(draft, measure) for measure in _TILES))
    curves = Row((Column(_ages(draft)), Column(_dso(draft))))
    moved = _plain(draft, lambda: (bridge_text(draft),))
    rests = Row((Column(_debtors(draft)), Column(_cash(draft))))
    proposed = decisions(draft)
    last: Block = Decisions(proposed) if proposed else draft.missing("report.no_decision")
    return proof_text(draft), tiles, curves, *moved, rests, last


def _small(chart: Drawing) -> Drawn:
    """A chart as high as a page that holds everything has room for."""
    return Drawn(chart.properties(height=_HEIGHT), width=_WIDTH)


def _plain(draft: Draft, build: Callable[[], tuple[Block, ...]]) -> tuple[Plain, ...]:
    """Blocks that stand in a column, or the sentence that says why they cannot be given."""
    return tuple(block for block in draft.attempt(build) if not isinstance(block, Row))


def _ages(draft: Draft) -> tuple[Plain, ...]:
    if not draft.asked.aged_history["total"].abs().round(2).any():
        return (draft.missing("report.nothing_owed"),)
    chart = charts.aged_history_chart(draft.asked.aged_history, **draft.shown)
    return (_small(chart),)


def _dso(draft: Draft) -> tuple[Plain, ...]:
    history = draft.asked.dso_history
    if not history["dso"].notna().any():
        return (missing_figure(draft, "dso") or draft.missing("report.not_measured"),)
    return (_small(charts.dso_history_chart(history, language=draft.language)),)


def _debtors(draft: Draft) -> tuple[Plain, ...]:
    rests = draft.asked.concentration
    if rests.groups.empty:
        return (draft.missing("report.nothing_owed"),)
    listed = rests.groups.head(_DEBTORS).assign(name=rests.groups["name"].fillna(rests.groups["customer_id"]))
    fields = [
        Field("name", draft.word("table.customer")),
        Field("receivable", draft.word("report.column.owes"), "money"),
        Field("share", draft.word("report.column.share"), "percent"),
        Field("cumulated_share", draft.word("report.column.cumulated"), "percent"),
    ]
    caption = draft.word("report.top_debtors", currency=draft.unit)
    return Listed(tables.table(listed, fields, caption=caption, language=draft.language)), concentration_text(draft)


def _cash(draft: Draft) -> tuple[Plain, ...]:
    def blocks() -> tuple[Block, ...]:
        weeks = draft.asked.forecast.weekly
        chart = charts.cash_forecast_chart(weeks, **draft.shown)
        return _small(chart), forecast_text(draft)

    return _plain(draft, blocks)
