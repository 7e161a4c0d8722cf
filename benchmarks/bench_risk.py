"""How fast late payment is scored and put to the test, and how well it is forecast on published invoice lists.

    python -m pytest benchmarks/bench_risk.py        times, on generated ledgers
    python benchmarks/bench_risk.py FOLDER           the table of goals, on the lists in FOLDER

FOLDER holds `ibm_late_payment/*.csv` and `highradius/closed_customers_half1.csv` with `open_items_sampleA.csv`; what is
absent is left out. Temporal splits only: what is known of a customer is refreshed on the eve of each day invoices are
issued, so that history is strictly before each invoice; intervals by drawing customers again.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
from conftest import generated

from arlib.behaviour import PRIOR_INVOICES, payment_evidence, payment_laws
from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.risk.backtest import Forecast, RiskBacktest, backtest_risk
from arlib.risk.backtest.forecasts import LawForecast, Predictor, rate_forecasts
from arlib.risk.score import score_customers

BASELINES = ("portfolio", "customer", "shrunk", "days_overdue", "amount", "due_date")
USUAL_TERM = 15  # days, of customers whose invoices are not in the open list


def test_laws(benchmark, ledger):
    assert len(benchmark.pedantic(payment_laws, (ledger,), rounds=3).customers) == len(ledger.customers)


def test_scores(benchmark, ledger):
    assert len(benchmark.pedantic(score_customers, (ledger,), rounds=3)) == len(ledger.customers)


def test_scores_of_many_customers(benchmark):
    """100,000 customers of hardly three invoices each: what grows with customers, their sentences above all."""
    ledger = generated(275_000, customers=100_000)
    assert len(benchmark.pedantic(score_customers, (ledger,), {"language": "fr"}, rounds=1)) == 100_000


def test_backtest(benchmark, ledger):
    assert len(benchmark.pedantic(backtest_risk, (ledger,), rounds=1).closings) == 12


@dataclass(frozen=True)
class Goal:
    """One figure to reach: the threshold, the measure, and the published value where there is one."""

    days_late: int | None
    measure: str
    value: float | None = None


IBM_GOALS = (
    *(Goal(0, "auc", 0.871), Goal(0, "brier", 0.136), Goal(0, "log_loss", 0.431), Goal(15, "auc", 0.876)),
    *(Goal(15, "brier"), Goal(None, "error", 6.28), Goal(None, "crps", 4.56), Goal(None, "coverage")),
)
HIGHRADIUS_GOALS = (
    *(Goal(days, measure) for days in (0, 5, 30) for measure in ("auc", "brier", "log_loss")),
    *(Goal(None, "error"), Goal(None, "crps"), Goal(None, "coverage")),
)


def eves(ledger: Ledger, first: str, last: str) -> list[pd.Timestamp]:
    """The eve of each day invoices are booked, from a day to a day."""
    invoices = ledger.items.loc[ledger.items["kind"] == "invoice", "booked_on"]
    days = invoices[invoices.between(pd.Timestamp(first), pd.Timestamp(last))].drop_duplicates()
    return sorted(days - pd.Timedelta(days=1))


def known_to_the_end(ledger: Ledger) -> Ledger:
    """The same list as one that speaks half a year longer: every invoice in it was settled, none is cut away."""
    last = ledger.matches["matched_on"].max() + pd.Timedelta(days=200)
    return replace(ledger, covers=(ledger.covers[0], last))


def shrunk(ledger: Ledger, day: pd.Timestamp) -> Forecast:
    """The handbook's beta-binomial: each customer's rate drawn towards all customers' by two invoices."""
    return rate_forecasts(ledger, payment_evidence(ledger, day), 150, prior=PRIOR_INVOICES)[1]


def blind(ledger: Ledger, day: pd.Timestamp) -> Forecast:
    """The law of all customers as if they were one: what due dates alone tell of an invoice, whoever owes it."""
    items, everybody = ledger.items.assign(customer_id="everybody"), pd.DataFrame({"customer_id": ["everybody"]})
    one = replace(ledger, items=items, customers=everybody)
    return LawForecast(one, payment_laws(one, day))


def predictors(seed: int | None) -> dict[str, Predictor]:
    """What the law is set beside: the handbook's rate, or where customers are drawn by lot, the law without them."""
    return {"shrunk": shrunk} if seed is None else {"blind": blind}


def ibm(path: Path, *, seed: int | None = None) -> RiskBacktest:
    """The handbook's test: the invoices of 2013 (1,189 of 2,466), late by more than 0 and 15 days."""
    table = pd.read_csv(path, dtype="str")
    if seed is not None:
        table["customerID"] = np.random.default_rng(seed).permutation(table["customerID"])
    ledger = known_to_the_end(read_ledger(table))
    closings = eves(ledger, "2013-01-01", "2013-12-31")
    return backtest_risk(ledger, closings, days_late=(0, 15), predictors=predictors(seed))


def highradius(closed: Path, opened: Path, *, seed: int | None = None, **window: str) -> RiskBacktest:
    """The invoices of a window of the closed list, late by more than 0, 5 and 30 days."""
    ledger = highradius_ledger(closed, opened, seed=seed)
    closings = eves(ledger, **window)
    return backtest_risk(ledger, closings, until=window["last"], days_late=(0, 5, 30), predictors=predictors(seed))


def highradius_ledger(closed: Path, opened: Path, *, seed: int | None = None) -> Ledger:
    """The closed list, its customers drawn by lot where a seed is given.

    The list has no invoice dates: each is its due date less the usual term of its customer in the open list, 15 days
    where it is not there. They are never moved for what was paid sooner, which would tell the outcome.
    """
    table, usual = pd.read_csv(closed, dtype="str"), usual_terms(opened)
    customer = table["cust_number"].str.lstrip("0")
    due = pd.to_datetime(table["due_in_date"])
    issued = due - pd.to_timedelta(customer.map(usual).fillna(USUAL_TERM), unit="D")
    if seed is not None:
        customer = np.random.default_rng(seed).permutation(customer)
    invoices = pd.DataFrame(
        {
            "customer number": customer,
            "invoice number": np.arange(len(table)).astype(str),
            "invoice date": issued.dt.strftime("%Y-%m-%d"),
            "due date": due.dt.strftime("%Y-%m-%d"),
            "amount": table["total_open_amount"],
            "payment date": table["clear_date"],
        }
    )
    return read_ledger(invoices, currency="USD")


def usual_terms(opened: Path) -> "pd.Series[float]":
    """The most frequent number of days from the baseline date to the due date, by customer of the open list."""
    table = pd.read_csv(opened, dtype="str")
    days = pd.to_datetime(table["due_in_date"]) - pd.to_datetime(table["baseline_create_date"])
    by_customer = days.dt.days.groupby(table["cust_number"].str.lstrip("0"))
    return by_customer.agg(lambda each: each.mode().iloc[0])


def table_of(found: RiskBacktest, goals: Sequence[Goal]) -> str:
    """A row a goal: the law with its interval, the goal, the baselines; whether it is reached and they are beaten."""
    lines = [f"{'':22}{'law':>8}{'95 %':>17}{'goal':>8}" + "".join(f"{name:>13}" for name in BASELINES)]
    for goal in goals:
        rows = _rows(found, goal)
        law = rows.loc["law"]
        others = [rows[goal.measure].get(name, np.nan) for name in BASELINES]
        what = f"date {goal.measure}" if goal.days_late is None else f"late > {goal.days_late} {goal.measure}"
        wanted = "–" if goal.value is None else f"{goal.value:.3f}"
        ends = f"[{law[f'{goal.measure}_low']:.3f}, {law[f'{goal.measure}_high']:.3f}]"
        line = f"{what:22}{law[goal.measure]:8.4f}{ends:>17}{wanted:>8}"
        lines.append(line + "".join(f"{value:13.4f}" for value in others) + "  " + _judgement(found, goal, rows))
    return "\n".join(lines)


def _rows(found: RiskBacktest, goal: Goal) -> pd.DataFrame:
    if goal.days_late is None:
        return found.dates.set_index("model")
    return found.discrimination[found.discrimination["days_late"] == goal.days_late].set_index("model")


def _judgement(found: RiskBacktest, goal: Goal, rows: pd.DataFrame) -> str:
    """Whether the goal is reached, to its published digits, and which baselines the law is not better than.

    Coverage is held against 75 to 85 %. "By chance": the interval of the paired difference holds 0.
    """
    value = rows.loc["law", goal.measure]
    if goal.measure == "coverage":
        return "within 75-85 %" if 0.75 <= value <= 0.85 else "outside 75-85 %"
    sign, digits = (1 if goal.measure == "auc" else -1), (2 if goal.days_late is None else 3)
    reached = (
        "" if goal.value is None else "reached, " if sign * (round(value, digits) - goal.value) >= 0 else "MISSED, "
    )
    better = sign * (value - rows[goal.measure].reindex(BASELINES))
    beating = [name + _by_chance(found, goal, name) for name in better[better <= 0].index]
    return reached + ("beats all" if not beating else "NOT better than " + ", ".join(beating))


def _by_chance(found: RiskBacktest, goal: Goal, name: str) -> str:
    if goal.days_late is None:  # dates have no paired differences
        return ""
    pair = found.gains[(found.gains["days_late"] == goal.days_late) & (found.gains["against"] == name)]
    return " (by chance)" if (pair[f"{goal.measure}_high"] > 0).any() else ""


def report(name: str, found: RiskBacktest, goals: Sequence[Goal]) -> None:
    law = found.discrimination[found.discrimination["model"] == "law"].iloc[0]
    print(f"\n{name}: {law['invoices']} invoices from {len(found.closings)} closings, {law['late_share']:.1%} late")  # noqa: T201
    print(table_of(found, goals))  # noqa: T201
    ece = {days: calibration_error(found.calibration, days) for days in found.thresholds}
    print("calibration error: " + ", ".join(f"> {days} {error:.3f}" for days, error in ece.items()))  # noqa: T201
    shares = found.capture.set_index("rule")["share"] if len(found.capture) else pd.Series(dtype=float)
    print("late euro-days in the first tenth: " + ", ".join(f"{rule} {share:.2f}" for rule, share in shares.items()))  # noqa: T201


def calibration_error(bins: pd.DataFrame, days: int) -> float:
    """The mean distance between what was said and what happened, over the groups of invoices."""
    of_days = bins[bins["days_late"] == days]
    return float(np.average((of_days["predicted"] - of_days["observed"]).abs(), weights=of_days["count"]))


def control(name: str, found: RiskBacktest) -> None:
    """The negative control: with customers drawn by lot the law ranks no better than one that knows no customer.

    That one is above .5 where the due date tells something, as its weekday does of > 0 days late on HighRadius.
    """
    aucs = found.discrimination.pivot_table(index="days_late", columns="model", values="auc")
    told = [f"AUC > {days} {each.law:.3f} ({each.blind:.3f})" for days, each in aucs.iterrows()]
    print(f"{name}, customers shuffled (without customers at all): " + ", ".join(told))  # noqa: T201


def main(folder: Path) -> None:
    for path in sorted(folder.glob("ibm_late_payment/*.csv")):
        report("IBM", ibm(path), IBM_GOALS)
        control("IBM", ibm(path, seed=0))
    closed, opened = (folder / "highradius" / name for name in ("closed_customers_half1.csv", "open_items_sampleA.csv"))
    if closed.exists() and opened.exists():
        windows = {
            "HighRadius 2019": {"first": "2019-05-01", "last": "2019-09-30"},
            "HighRadius 2020": {"first": "2020-02-01", "last": "2020-02-29"},
        }
        for name, window in windows.items():
            report(f"{name} (invoice dates imputed)", highradius(closed, opened, **window), HIGHRADIUS_GOALS)
        control("HighRadius 2019", highradius(closed, opened, seed=0, **windows["HighRadius 2019"]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
