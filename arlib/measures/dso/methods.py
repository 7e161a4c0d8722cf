"""All the methods of a DSO side by side: the same day, the numbers put in, what each assumes and why it differs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from arlib.ledger import Day, Ledger
from arlib.measures.dso import balance, by_invoice, countback, parts
from arlib.measures.dso.standing import DAYS, Standing
from arlib.measures.figure import Figure
from arlib.words import Sentence, say

METHODS: Mapping[str, Callable[[Standing], Figure]] = MappingProxyType(
    {
        "dso": balance.simple,
        "average_balance_dso": balance.average_balance,
        "monthly_average_dso": balance.monthly_average,
        "countback_dso": countback.by_month,
        "daily_countback_dso": countback.by_day,
        "best_possible_dso": parts.best_possible,
        "delinquent_dso": parts.delinquent,
        "disputed_dso": parts.disputed,
        "extended_dso": parts.extended,
        "sales_weighted_dso": by_invoice.sales_weighted,
        "true_dso": by_invoice.true,
        "life_to_date_dso": balance.life_to_date,
    }
)


def dso_methods(ledger: Ledger, as_of: Day | None = None, *, days: int = DAYS) -> pd.DataFrame:
    """Every DSO of a day, one row a method, each as the function of that name gives it.

    Columns: `method` (the name of its function), `name`, `days` (nan where it gives no figure), `formula` with the
    numbers put into it, `inputs` (a mapping of these), `assumes`, `differs` (why it is not the simple DSO, and by how
    many days), `note` (why there is no figure, or what to mind; None). What a person reads are `Sentence` values.
    `days` is the window of the methods that have one; `monthly_average_dso` is over twelve months, `life_to_date_dso`
    over the whole ledger.

    Raises:
        ArlibError: the window has no days.
    """
    standing = Standing.of(ledger, as_of, days)
    figures = {method: measure(standing) for method, measure in METHODS.items()}
    return pd.DataFrame(
        {
            "method": pd.Series(list(figures), dtype="str"),
            "name": [say(f"dso.name.{method}") for method in figures],
            "days": np.array(list(figures.values()), dtype=np.float64),
            "formula": [figure.formula for figure in figures.values()],
            "inputs": [figure.inputs for figure in figures.values()],
            "assumes": [say(f"dso.assumes.{method}") for method in figures],
            "differs": [_differs(method, figure - figures["dso"]) for method, figure in figures.items()],
            "note": pd.Series([figure.note for figure in figures.values()], dtype="object"),
        }
    )


def _differs(method: str, gap: float) -> Sentence:
    """Why a method is not the simple DSO, and by how many days where both give a figure."""
    why = say(f"dso.differs.{method}")
    return why if np.isnan(gap) or method == "dso" else say("dso.gap", gap=gap, why=why)
