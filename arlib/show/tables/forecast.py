"""The tables of the cash to come and of past forecasts and simulations: weeks, customers, errors."""

import numpy as np
import pandas as pd

from arlib.show.charts.rows import Names, named
from arlib.show.tables.columns import captioned
from arlib.show.tables.html import Field, Html, table
from arlib.show.tables.standing import group_names
from arlib.simulation.backtest import SimulationBacktest
from arlib.simulation.backtest.naive import NAIVE
from arlib.simulation.forecast import ForecastBacktest
from arlib.words import Language, percent, word

_ALWAYS = ("contractual", "expected", "p10", "p90", "from_open")
_WHERE_ANY = ("promised", "disputed", "from_future")
_SHARES = ("wape", "total_error", "bias", "skill", "coverage", "total_coverage")
_WEEKS_SHOWN = 4  # of a customer, one by one
_HORIZONS = (7, 28, 56)  # days, beside the last one


def forecast_table(
    periods: pd.DataFrame,
    *,
    backtest: ForecastBacktest | None = None,
    language: Language = "en",
    currency: str = "",
) -> Html:
    """The cash of each week or month to come: by due dates, expected with its band, and what it is made of.

    The last line is the total: its band is that of the sum, narrower than the sum of the bands. Amounts have no cents:
    nobody expects them.

    Args:
        periods: `CashForecast.weekly` or `CashForecast.monthly`.
        backtest: how such forecasts did at past closings: its verdict stands above when given.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
    """
    every = "month" if "month" in periods else "week"
    amounts = [*_ALWAYS, *(name for name in _WHERE_ANY if periods[name].round(2).any())]
    written = periods[amounts].assign(
        period=[
            word(f"table.forecast.{every}", language, period=int(period), start=start, end=end)
            for period, start, end in zip(periods[every], periods["starts_on"], periods["ends_on"], strict=True)
        ]
    )
    fields = [
        Field("period", word("table.forecast.period", language)),
        *(Field(name, word(f"table.forecast.{name}", language), "count") for name in amounts),
    ]
    total = {"period": word("table.total", language)} | dict(periods[amounts].sum())
    if len(periods):
        total |= {name: periods[f"{name}_cumulated"].iloc[-1] for name in ("p10", "p90")}
    caption = _caption(every, language, currency)
    if backtest is not None:
        caption += f" {backtest.verdict(language)}"
    return table(written, fields, caption=caption, language=language, footer=total)


def forecast_by_customer_table(
    by_customer: pd.DataFrame,
    *,
    names: Names | None = None,
    language: Language = "en",
    currency: str = "",
    rows: int = 10,
) -> Html:
    """Whose cash is expected, and when: what each customer owes, its next payment, the next weeks one by one.

    Args:
        by_customer: `CashForecast.by_customer`.
        names: names of customers by `customer_id`, such as `ledger.customers.set_index("customer_id")["name"]`.
        language: of the headings, figures and dates.
        currency: of the amounts, named when given.
        rows: how many customers to list, those who bring most first; the others are added up in a line of their own.
    """
    weeks = int(by_customer["week"].max()) if len(by_customer) else 0
    wide = _by_customer(by_customer, weeks)
    amounts = [str(name) for name in wide if name not in ("customer_id", "next_expected_on")]
    called = group_names(named(wide, names), ["customer_id", *([] if names is None else ["name"])], language)
    shown = wide.assign(customer=called).head(rows)
    if len(wide) > rows:
        others = wide[amounts].iloc[rows:].sum().to_frame().T
        others["customer"] = word("table.others", language, rows=len(wide) - rows)
        shown = pd.concat([shown, others], ignore_index=True)
        shown = shown.astype({"next_expected_on": wide["next_expected_on"].dtype})
    heads = {name: _heading(name, weeks, language) for name in amounts}
    fields = [
        Field("customer", word("table.customer", language)),
        Field("open_amount", heads["open_amount"], "money"),
        Field("next_expected_on", word("table.forecast.next_expected_on", language), "date"),
        *(Field(name, heads[name], "count") for name in amounts if name != "open_amount"),
    ]
    total = {"customer": word("table.total", language)} | dict(wide[amounts].sum())
    caption = _caption("by_customer", language, currency)
    return table(shown, fields, caption=caption, language=language, footer=total)


def forecast_backtest_table(backtest: ForecastBacktest, *, language: Language = "en") -> Html:
    """How far past forecasts were off, beside two calendars, a line a number of weeks and model; the verdict above.

    Args:
        backtest: as `arlib.backtest_forecast` returns it.
        language: of the sentences and figures.
    """
    totals = backtest.totals
    own = totals["model"] == "expected"
    written = (
        totals[[*_SHARES]]
        .astype("float64")
        .assign(
            weeks=[word("charts.forecast.ahead", language, weeks=int(weeks)) for weeks in totals["weeks"]],
            model=[word(f"charts.forecast.{model}", language) for model in totals["model"]],
            own=own,
        )
    )
    written["skill"] = written["skill"].mask(own)  # against itself
    fields = [
        Field("weeks", word("table.forecast.horizon", language)),
        Field("model", word("table.column.model", language)),
        *(Field(name, word(f"table.forecast.{name}", language), "percent") for name in _SHARES),
    ]
    return table(written, fields, caption=backtest.verdict(language), language=language, total="own")


def simulation_backtest_table(backtest: SimulationBacktest, *, language: Language = "en") -> Html:
    """How far past simulations were off, a line a measure and number of days, all weeks first; the verdict above.

    Args:
        backtest: as `arlib.backtest_simulation` returns it.
        language: of the sentences and figures.
    """
    found = _measured(backtest)
    rows = found[["coverage", *(f"skill_{name}" for name in NAIVE)]].assign(
        measure=[word(f"charts.simulation_backtest.{measure}", language) for measure in found["measure"]],
        when=[_when(days, language) for days in found["days"]],
        whole=found["days"].isna(),
        error=_off(found, "error", language),
        bias=_off(found, "bias", language),
    )
    fields = [
        Field("measure", word("table.measure", language)),
        Field("when", word("table.forecast.after", language)),
        *(Field(name, word(f"table.forecast.{name}", language), "count") for name in ("error", "bias")),
        Field("coverage", word("table.forecast.coverage", language), "percent"),
        *(Field(f"skill_{name}", word(f"table.forecast.skill_{name}", language), "percent") for name in NAIVE),
    ]
    return table(rows, fields, caption=backtest.verdict(language), language=language, total="whole")


def _caption(name: str, language: Language, currency: str) -> str:
    return captioned(word(f"table.forecast.of_{name}", language), language, currency)


def _by_customer(by_customer: pd.DataFrame, weeks: int) -> pd.DataFrame:
    """A row a customer: customer_id, open_amount, next_expected_on, the first weeks, the others together, the sum."""
    owner = by_customer["customer_id"].drop_duplicates()
    owed = by_customer.loc[owner.index, ["customer_id", "open_amount", "next_expected_on"]].reset_index(drop=True)
    cash = by_customer["expected"].to_numpy().reshape(len(owed), weeks)
    single = {f"week_{week + 1}": cash[:, week] for week in range(min(weeks, _WEEKS_SHOWN))}
    later = {"later": cash[:, _WEEKS_SHOWN:].sum(axis=1)} if weeks > _WEEKS_SHOWN else {}
    return owed.assign(**single, **later, expected=cash.sum(axis=1))


def _heading(name: str, weeks: int, language: Language) -> str:
    if name.startswith("week_"):
        return word("table.forecast.nth_week", language, week=int(name.removeprefix("week_")))
    if name == "later":
        return word("table.forecast.later", language, first=_WEEKS_SHOWN + 1, last=weeks)
    return word(f"table.forecast.{name}", language)


def _when(days: float, language: Language) -> str:
    """So many days after the closing, or all weeks together."""
    if np.isnan(days):
        return word("table.forecast.all_weeks", language)
    return word("table.forecast.days_after", language, days=int(days))


def _off(found: pd.DataFrame, name: str, language: Language) -> list[str]:
    """An error or a bias: of DSO in days, of money as a share of what came."""
    return [
        word("table.forecast.days", language, days=days) if measure == "dso" else percent(share, language)
        for measure, days, share in zip(found["measure"], found[name], found[f"{name}_share"], strict=True)
    ]


def _measured(backtest: SimulationBacktest) -> pd.DataFrame:
    """The rows of `SimulationBacktest.overall`, each followed by those of `totals` at some horizons."""
    overall, totals = backtest.overall, backtest.totals
    chosen = totals[totals["days"].isin([*_HORIZONS, backtest.horizon])]
    place = dict(zip(overall["measure"], range(len(overall)), strict=True))
    both = pd.concat([overall.assign(days=np.nan), chosen.astype({"days": "float64"})], ignore_index=True)
    order = both.assign(place=both["measure"].map(place)).sort_values(["place", "days"], na_position="first").index
    return both.loc[order].reset_index(drop=True)
