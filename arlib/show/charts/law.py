"""When a customer pays, beside all customers: its payment law."""

import numpy as np
import pandas as pd

from arlib.behaviour import PaymentLaws
from arlib.errors import ArlibError
from arlib.schema import Floats, sum_by_code
from arlib.show.charts.axes import SERIES, series_channels, tip
from arlib.show.charts.rows import Names
from arlib.show.look import GREY, Drawing, dressed, shortened
from arlib.show.vega import alt
from arlib.words import Language, say, word

_DAYS = range(-90, 546)  # calendar days from the due date, about those of a law counted in open days
_SETTLED = 0.02  # share of invoices that a curve may still lose where it is no longer followed
_MARKED = (0.1, 0.5, 0.9)  # shares paid


def payment_law_chart(
    laws: PaymentLaws, customer_id: str, *, names: Names | None = None, language: Language = "en"
) -> Drawing:
    """The share of a customer's invoices not yet paid, by calendar days from the due date, beside all customers'.

    It is that of an invoice due on a day like those of the last twelve months (`PaymentLaws.p_late`), so that
    weekends and public holidays count as often as they came. Marked are the days by whose end a tenth, half and nine
    tenths are paid: eight payments of ten fall between the first and the last, on the shaded days.

    Args:
        laws: as `arlib.payment_laws` returns them.
        customer_id: the customer.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`.
        language: of the labels and figures.

    Raises:
        ArlibError: the laws are of no such customer.
    """
    if customer_id not in laws.customers:
        raise ArlibError(say("charts.law.unknown", customer=customer_id))
    unpaid = np.stack([laws.unpaid[laws.customers.get_loc(customer_id)], laws.portfolio])
    shown = [_called(customer_id, names, language), word("charts.law.everybody", language)]
    paid_by = _paid_by(laws, unpaid)
    rows = _steps(laws, unpaid, shown, int(np.nanmax(paid_by[0], initial=0)))
    x = alt.X("day:Q", title=None, scale=alt.Scale(domain=[int(rows["day"].min()), int(rows["day"].max())], nice=False))
    line = _lines(rows, shown, language).encode(x=x)
    zero = alt.Chart(pd.DataFrame({"day": [0]})).mark_rule(color=GREY, strokeDash=[4, 3]).encode(x="day:Q")
    finding = _finding(paid_by[:, 1], _invoices(laws, customer_id), shown[0], language)
    return dressed(
        _shaded(paid_by[0], rows) + zero + line + _marks(paid_by[0], language),
        language,
        finding=finding,
        about=word("charts.about.law", language),
        unit=_unit(paid_by[0], language) + _means(laws, customer_id, language),
    )


def _called(customer_id: str, names: Names | None, language: Language) -> str:
    """The customer's name; its identifier where there is none, or beside a name that says all customers."""
    name = customer_id if names is None else names.get(customer_id, customer_id)
    called = shortened(str(name)) if isinstance(name, str) and name.strip() else customer_id
    return called if called != word("charts.law.everybody", language) else f"{called} ({customer_id})"


def _paid_by(laws: PaymentLaws, unpaid: Floats) -> Floats:
    """(laws, 3) calendar day by whose end each marked share is paid; nan where it never is."""
    return np.stack([laws.calendar_days.quantile(unpaid, share) for share in _MARKED], axis=1)


def _invoices(laws: PaymentLaws, customer_id: str) -> int:
    """The invoices that tell how a customer pays: paid, or unpaid past their due date."""
    known = laws.evidence
    speaks = known.paid | (known.open_days_late > 0)
    count = sum_by_code(known.customer[speaks], known.weight[speaks], len(laws.customers))
    return int(np.ceil(round(float(count[laws.customers.get_loc(customer_id)]), 6)))


def _steps(laws: PaymentLaws, unpaid: Floats, shown: list[str], marked: int) -> pd.DataFrame:
    """The curves from where something is paid to where hardly anything more is; the due date and marks among them."""
    curves = np.stack([laws.late_in(unpaid, days) for days in _DAYS])
    moves = (curves < 1 - _SETTLED).any(axis=1)
    goes_on = (curves - curves[-1] > _SETTLED).any(axis=1)
    first = min(int(np.argmax(moves)) if moves.any() else len(curves), _DAYS.index(0)) - 1
    last = len(curves) - int(np.argmax(goes_on[::-1])) if goes_on.any() else 0
    drawn = slice(first, max(last, _DAYS.index(0), marked + marked // 8 - _DAYS[0]) + 2)  # room for its figure
    wide = pd.DataFrame(curves[drawn], columns=shown).assign(day=np.array(_DAYS)[drawn])
    return wide.melt("day", var_name="group", value_name="unpaid_share")


def _lines(rows: pd.DataFrame, shown: list[str], language: Language) -> alt.Chart:
    lines: alt.Chart = (
        alt.Chart(rows)
        .mark_line(clip=True, strokeWidth=2.5, interpolate="step-after")
        .encode(
            y=alt.Y("unpaid_share:Q", axis=alt.Axis(format=".0%"), scale=alt.Scale(domain=[0, 1])),
            tooltip=[
                tip("group:N", word("charts.group", language)),
                tip("day:Q", word("show.days", language), ",d"),
                tip("unpaid_share:Q", word("charts.unpaid_share", language), ".1%"),
            ],
            **series_channels("group", shown, (SERIES[0], GREY)),
        )
    )
    return lines


def _shaded(paid_by: Floats, rows: pd.DataFrame) -> alt.Chart:
    """The days eight payments of ten fall on, to the edge where the last of them are not expected."""
    first, last = rows["day"].min(), rows["day"].max()
    days = {"low": [np.maximum(paid_by[0], first)], "high": [np.fmin(paid_by[2], last)]}
    shaded: alt.Chart = (
        alt.Chart(pd.DataFrame(days).dropna()).mark_rect(color=SERIES[0], opacity=0.1).encode(x="low:Q", x2="high:Q")
    )
    return shaded


def _marks(paid_by: Floats, language: Language) -> Drawing:
    """A dot where each marked share is paid, with its day."""
    known = [(day, 1 - share) for day, share in zip(paid_by, _MARKED, strict=True) if not np.isnan(day)]
    marks = pd.DataFrame(known, columns=["day", "unpaid_share"])
    marks["figure"] = [word("charts.law.mark", language, days=int(day)) for day in marks["day"]]
    base = alt.Chart(marks).encode(x="day:Q", y="unpaid_share:Q")
    dots = base.mark_point(filled=True, size=70, opacity=1, color=SERIES[0])
    figures = base.mark_text(align="left", dx=8, dy=-7).encode(text="figure:N")
    drawing: Drawing = dots + figures
    return drawing


def _finding(halves: Floats, invoices: int, name: str, language: Language) -> str:
    own, everybody = halves
    told = {"name": name, "invoices": invoices}
    if np.isnan(own):
        return word("charts.law.never" if invoices else "charts.law.never_without", language, **told)
    told |= {"when": _when(own, language)}
    if not invoices:
        return word("charts.law.without", language, **told)
    if np.isnan(everybody):
        return word("charts.law.alone", language, **told)
    key = "later" if own > everybody else "sooner" if own < everybody else "same"
    return word(f"charts.law.{key}", language, change=int(abs(own - everybody)), **told)


def _when(day: float, language: Language) -> str:
    key = "charts.delays.after" if day > 0 else "charts.delays.before" if day < 0 else "charts.delays.on_time"
    return word(key, language, days=int(abs(day)))


def _means(laws: PaymentLaws, customer_id: str, language: Language) -> str:
    """The mean days late of the customer's invoices and of its money, where any of its invoices tells."""
    place = laws.customers.get_loc(customer_id)
    if not laws.effective_history[place]:
        return ""
    means = {"count": float(laws.mean_days_late[place]), "amount": float(laws.mean_days_late_by_amount[place])}
    return word("charts.law.means", language, **means)


def _unit(paid_by: Floats, language: Language) -> str:
    """What is drawn, and the shaded days in figures."""
    unit = word("charts.law.unit", language)
    if np.isnan(paid_by[0]):
        return unit
    key = "charts.law.shaded_open" if np.isnan(paid_by[2]) else "charts.law.shaded"
    days = {"low": int(paid_by[0]), "high": 0 if np.isnan(paid_by[2]) else int(paid_by[2])}
    return f"{unit}{word(key, language, **days)}"
