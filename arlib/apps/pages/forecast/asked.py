"""What the forecast was asked, from the address: whatever it does not understand is as usual."""

from dataclasses import dataclass, field

from arlib.apps.parts.table_view import TableState
from arlib.apps.visit.choices import Asked

FEWEST_WEEKS, USUAL_WEEKS, MOST_WEEKS = 4, 13, 26
ALL_WEEKS = 0
ITEMS = "i."  # before what is said of the table of items, in an address


@dataclass(frozen=True)
class ForecastAsked:
    """How a visitor looks at the cash to come.

    Attributes:
        weeks: how many.
        week: the one whose customers and items are listed; `ALL_WEEKS` for all of them.
        future_sales: whether invoices to come count.
        payers: how the table of customers stands.
        items: how that of items does.
    """

    weeks: int = USUAL_WEEKS
    week: int = ALL_WEEKS
    future_sales: bool = True
    payers: TableState = field(default_factory=TableState)
    items: TableState = field(default_factory=TableState)

    @classmethod
    def of(cls, asked: Asked) -> "ForecastAsked":
        """What the texts of an address stand for."""
        weeks = _whole(asked.get("weeks", ""), FEWEST_WEEKS, MOST_WEEKS) or USUAL_WEEKS
        return cls(
            weeks=weeks,
            week=_whole(asked.get("week", ""), 1, weeks) or ALL_WEEKS,
            future_sales=asked.get("sales") != "0",
            payers=TableState.of(asked),
            items=TableState.of(asked, ITEMS),
        )


def _whole(text: str, least: int, most: int) -> int | None:
    """A whole number within bounds; none where the text is not one."""
    known = text.isascii() and text.isdigit() and len(text) <= len(str(most)) and least <= int(text) <= most
    return int(text) if known else None
