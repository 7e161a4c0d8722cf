"""One row a customer: what the functions of the same names say of each, beside one another."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

from arlib.apps.answers import Answers
from arlib.ledger import Ledger
from arlib.measures import days_late
from arlib.risk import credit_exposure, late_risk
from arlib.schema import HALF_CENT
from arlib.show.tables import grades_with_range
from arlib.words import Language

GROUPS = ("segment", "group", "country")
_OF_SCORES = ("score", "grade", "change", "trend", "expected_late")


def balances(answers: Answers) -> pd.DataFrame:
    """What is known of every customer at once, the largest balance first.

    Columns: customer_id, name, segment, group, country; receivable, overdue, days_overdue, credit_limit, over_limit of
    `credit_exposure`; limit_used, exposure ÷ limit, nan without any; limit_state, "over", "within" or "none" (no
    limit); overdue_state, "overdue" where anything is past its due date, else ""; days_late, the weighted_days of
    `days_late`.
    """
    return answers.once("customers.balances", lambda: _balances(answers.ledger, answers.as_of))


def _balances(ledger: Ledger, day: pd.Timestamp) -> pd.DataFrame:
    owed = credit_exposure(ledger, day).drop(columns="in_ledger")
    limit = owed["credit_limit"]
    groups = ledger.customers.set_index("customer_id")[[*GROUPS]].reindex(owed["customer_id"])
    paid = days_late(ledger, day, by="customer_id").set_index("customer_id")["weighted_days"]
    beyond = np.select([limit.isna(), owed["over_limit"] >= HALF_CENT], ["none", "over"], "within")
    rows = owed.assign(
        **{name: groups[name].to_numpy() for name in GROUPS},
        limit_used=(owed["exposure"] / limit).where(limit > 0),
        limit_state=beyond,
        overdue_state=np.where(owed["overdue"] >= HALF_CENT, "overdue", ""),
        days_late=owed["customer_id"].map(paid),
    )
    return rows.sort_values(["receivable", "customer_id"], ascending=[False, True], ignore_index=True)


def scored(answers: Answers, language: Language) -> pd.DataFrame:
    """The same rows and columns, and what is expected of each customer.

    Columns beside: score, grade, graded (the grade with its range), change, trend, expected_late of `score_customers`;
    expected_loss, the sum of that of `late_risk` over its open items, nan where the ledger does not tell what is lost.

    Raises:
        ArlibError: no payment is known by the day.
    """
    return answers.once(("customers.scored", language), lambda: _scored(answers, language))


def _scored(answers: Answers, language: Language) -> pd.DataFrame:
    rows, scores = balances(answers), answers.scores(language)
    told = scores[[*_OF_SCORES]].assign(graded=grades_with_range(scores, language)).set_index(scores["customer_id"])
    lost = lateness(answers, language).groupby("customer_id")["expected_loss"].sum(min_count=1)
    found = told.reindex(rows["customer_id"]).reset_index(drop=True)
    return rows.join(found).assign(expected_loss=rows["customer_id"].map(lost))


def lateness(answers: Answers, language: Language) -> pd.DataFrame:
    """`late_risk` of every open item.

    Raises:
        ArlibError: no payment is known by the day.
    """
    return answers.once(("late_risk", language), lambda: late_risk(answers.ledger, answers.as_of, language=language))


def values_of(rows: pd.DataFrame, columns: Iterable[str], most: int) -> dict[str, list[str]]:
    """By column, the distinct values to choose from, in order; of those columns that have some, and not too many."""
    distinct = {name: sorted(rows[name].dropna().astype("str").unique()) for name in columns if name in rows}
    return {name: values for name, values in distinct.items() if 0 < len(values) <= most}
