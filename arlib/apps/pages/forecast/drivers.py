"""What drives the cash of a week: the customers expected to pay, and the open items whose likely day lies in it."""

import numpy as np
import pandas as pd

from arlib.apps.answers import Answers
from arlib.apps.pages.forecast.asked import ALL_WEEKS
from arlib.risk import late_risk
from arlib.schema import HALF_CENT
from arlib.simulation import CashForecast
from arlib.words import Language

_AMOUNTS = ["expected", "from_open", "from_future"]


def late_of(answers: Answers, language: Language) -> pd.DataFrame:
    """When each open item will be paid: `late_risk`."""
    return answers.once(("late_risk", language), lambda: late_risk(answers.ledger, answers.as_of, language=language))


def payers(forecast: CashForecast, names: "pd.Series[str]", week: int) -> pd.DataFrame:
    """Who is expected to pay in a week, or in all, the largest first; the amounts add up to those of `weekly`.

    Columns: customer_id, name (the customer_id where it has none), expected, from_open, from_future, open_amount,
    next_expected_on, as in `CashForecast.by_customer`. Left out is who is expected to pay less than half a cent.
    """
    rows = forecast.by_customer
    weeks = len(forecast.weekly)
    first = rows.iloc[::weeks].reset_index(drop=True) if weeks else rows
    amounts = rows[_AMOUNTS].to_numpy().reshape(len(first), weeks, len(_AMOUNTS))
    wanted = amounts.sum(axis=1) if week == ALL_WEEKS else amounts[:, week - 1]
    found = first[["customer_id", "open_amount", "next_expected_on"]].assign(
        **{name: wanted[:, place] for place, name in enumerate(_AMOUNTS)}
    )
    found = found[found["expected"] >= HALF_CENT].sort_values("expected", ascending=False, kind="stable")
    called = names.reindex(found["customer_id"]).to_numpy()
    found.insert(1, "name", pd.Series(called, found.index).fillna(found["customer_id"]))
    return found.reset_index(drop=True)


def items(late: pd.DataFrame, forecast: CashForecast, week: int) -> pd.DataFrame:
    """The open items that are paid more likely than not by a day of a week, or of all, the first ones first.

    Columns: those of `late_risk`; reference is the item_id where the file has none.
    """
    weekly = forecast.weekly
    starts = weekly["starts_on"].iloc[0 if week == ALL_WEEKS else week - 1]
    ends = weekly["ends_on"].iloc[-1 if week == ALL_WEEKS else week - 1]
    within = late["median_on"].between(starts, ends)
    found = late[within].sort_values(["median_on", "open_amount"], ascending=[True, False], kind="stable")
    written = found["reference"].where(found["reference"].notna() & (found["reference"] != ""))
    named = found["name"].fillna(found["customer_id"])
    return found.assign(
        reference=written.fillna(found["item_id"].astype("str")),
        name=named,
        days_overdue=np.maximum(found["days_overdue"], 0),
    ).reset_index(drop=True)
