"""Every measure of the samples against what their generator knows: `expected.csv`, which no measure has made.

A measure answers with a mapping from the key of a fact to a figure. It must give every figure of the file to the last
decimal written, and none but those: what the file leaves out has no meaning there, or is nothing.
"""

import math
import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from small import sample_ledger

import arlib as ar
from arlib import measures, read_ledger
from arlib.ledger import Ledger
from arlib.samples import samples_folder
from arlib.samples.expected import rates
from arlib.samples.negoce import make_negoce

Found = Mapping[str, float]
Facts = dict[tuple[str, str, str], dict[str, str]]  # by sample, day, measure: the values by key

BUCKETS = ["not_due", "1-30", "31-60", "61-90", "91+", "unapplied"]
SAMPLES = ("negoce", "groupe")
EVE = "2024-12-31"  # of the year of the FEC


@pytest.fixture(scope="module")
def truth() -> Facts:
    table = pd.read_csv(samples_folder() / "expected.csv", dtype=str, keep_default_na=False)
    facts: Facts = defaultdict(dict)
    for sample, day, measure, key, value in table.itertuples(index=False):
        facts[sample, day, measure][key] = value
    return facts


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest) -> tuple[str, Ledger]:
    return request.param, sample_ledger(request.param)


# --- how each measure is asked, and the key of what it answers ------------------------------------------------------


def keyed(frame: pd.DataFrame, keys: list[str], columns: list[str]) -> Found:
    """The cells of some columns, by the texts of other columns and the name of their own."""
    names = frame[keys].astype(str).agg(" / ".join, axis=1) if keys else pd.Series([""] * len(frame))
    parts = [zip(_joined(names, column), frame[column].astype("float64"), strict=True) for column in columns]
    return dict(pair for part in parts for pair in part)


def _joined(names: "pd.Series[Any]", column: str) -> list[str]:
    return [f"{name} / {column}" if name else column for name in names]


def by_value(frame: pd.DataFrame, key: str, column: str) -> Found:
    return dict(zip(frame[key].astype(str), frame[column].astype("float64"), strict=True))


def aged(columns: list[str], **choices: Any) -> Callable[[Ledger, str], Found]:
    def ask(ledger: Ledger, day: str) -> Found:
        return keyed(ar.aged_balance_history(ledger, [day], **choices), [], columns)

    return ask


def aged_by_two(ledger: Ledger, day: str) -> Found:
    """By segment, and by what the sample has besides: countries of customers, or companies."""
    second = "entity" if ledger.items["entity"].notna().any() else "country"
    frame = ar.aged_balance_history(ledger, [day], by=["segment", second])
    return keyed(frame, ["segment", second], BUCKETS)


def by_group(column: str) -> Callable[[Ledger, str], Found]:
    return lambda ledger, day: by_value(ar.aged_balance(ledger, day, by=column), column, "total")


def largest_customers(ledger: Ledger, day: str) -> Found:
    return by_value(ar.aged_balance(ledger, day).head(10), "customer_id", "total")


def concentrated(ledger: Ledger, day: str) -> Found:
    found = ar.concentration(ledger, day)
    return {
        "debtors": len(found.groups),
        "owed": found.owed,
        "credits": found.credits,
        "top_10_share": float(found.top.set_index("count")["share"].loc[10]),
        "hhi": found.hhi,
        "effective_debtors": found.effective_debtors,
    }


def histories(ledger: Ledger, day: str) -> Found:
    return keyed(ar.dso_history(ledger, [day], by="segment"), ["segment"], ["dso", "countback_dso"])


def at_risk(ledger: Ledger, day: str) -> Found:
    rate = ar.at_risk_rate(ledger, day)
    return {f"{rate.inputs['month']:%Y-%m}": rate}


def settled(ledger: Ledger, day: str) -> Found:
    sums = ar.settlements(ledger, day).groupby("state")["amount"].sum().round(2)
    return {"credited": 0.0} | {str(state): float(amount) for state, amount in sums.items()}


def one_row(measure: Callable[..., pd.DataFrame]) -> Callable[[Ledger, str], Found]:
    return lambda ledger, day: _numbers(measure(ledger, day).iloc[0])


def _numbers(row: "pd.Series[Any]") -> Found:
    own = row.drop(["note", "horizon_days"], errors="ignore")  # what was asked, and words
    return {str(name): float(value) for name, value in own.items()}


SEGMENT_COLUMNS = ["mean_days", "weighted_days", "median_days", "p90_days", "with_open_median_days"]
SLICE_COLUMNS = ["mean_days", "weighted_days", "with_open_median_days"]


def by_segment(measure: Callable[..., pd.DataFrame]) -> Callable[[Ledger, str], Found]:
    return lambda ledger, day: keyed(measure(ledger, day, by="segment"), ["segment"], SEGMENT_COLUMNS)


def survivals(ledger: Ledger, day: str) -> Found:
    """The curve between its steps is that of the last one."""
    found = {}
    for basis in ("issued", "due"):
        curve = ar.payment_survival(ledger, day, basis=basis)
        for age in (0, 15, 30, 60):
            steps = curve.loc[curve["day"] <= age, "unpaid_share"]
            found[f"{basis} / {age}"] = float(steps.iloc[-1]) if len(steps) else 1.0
    return found


def weekdays(ledger: Ledger, day: str) -> Found:
    profile = ar.delay_profile(ledger, day, trait="due_weekday")
    profile["from_value"] = profile["from_value"].astype(int)
    return keyed(profile, ["from_value"], SLICE_COLUMNS)


def months(ledger: Ledger, day: str) -> Found:
    history = ar.delay_history(ledger, day, basis="due")
    return keyed(history.assign(month=history["month"].dt.strftime("%Y-%m")), ["month"], SLICE_COLUMNS)


def paid_of_months(ledger: Ledger, day: str) -> Found:
    """Of mature months alone: the others are estimates."""
    long = ar.cohorts(ledger, day)
    long["month"] = long["month"].dt.strftime("%Y-%m")
    known = long[long["mature"]].assign(days=long["days"].astype(str))
    shares = zip(known["month"] + " / " + known["days"], known["paid_share"].astype(float), strict=True)
    return {**dict(shares), **keyed(long.drop_duplicates("month"), ["month"], ["billed"])}


def risked(ledger: Ledger, day: str) -> Found:
    history = ar.at_risk_history(ledger, day)
    return by_value(history.assign(month=history["month"].dt.strftime("%Y-%m")), "month", "at_risk_share")


def lags(ledger: Ledger, day: str) -> Found:
    return keyed(ar.billing_lag(ledger, day), ["step"], ["invoices", "mean_days", "weighted_days"])


def payment_weekdays(ledger: Ledger, day: str) -> Found:
    profile = ar.payment_profile(ledger, day, trait="payment_weekday")
    profile["from_value"] = profile["from_value"].astype(int)
    return keyed(profile, ["from_value"], ["mean_days", "weighted_days"])


def without_largest(ledger: Ledger, day: str) -> Found:
    return keyed(ar.loss_of_largest(ledger, day), ["count"], ["dso_after"])


def disputes(ledger: Ledger, day: str) -> Found:
    return {"": ar.disputed_dso(ledger, day).inputs["disputed"]}


def collected(ledger: Ledger, day: str) -> Found:
    eve = pd.Timestamp(day) - pd.Timedelta(days=90)
    return {"": ar.billing_collection_rate(ledger, eve, day).inputs["cash"]}


def alone(measure: Callable[..., float]) -> Callable[..., Found]:
    """A measure that is one figure."""
    return lambda *asked: {"": measure(*asked)}


def moved(ledger: Ledger, start: str, end: str) -> Found:
    matrix = ar.migration_matrix(ledger, start, end).set_index("at_start").drop(columns="total")
    return {f"{row} / {column}": value for row, cells in matrix.iterrows() for column, value in cells.items()}


def rolled(ledger: Ledger, start: str, end: str) -> Found:
    return keyed(ar.roll_rates(ledger, [start, end]), ["bucket"], ["balance", "reached", "loss_rate"])


def bridged(ledger: Ledger, start: str, end: str) -> Found:
    """Both ends, the effects, and the ten customers that moved DSO most."""
    bridge = ar.dso_bridge(ledger, start, end)
    assert bridge.effects["days"].sum() == pytest.approx(bridge.end - bridge.start, abs=1e-9)
    effects = keyed(bridge.effects, ["effect"], ["days", "amount"])
    customers = keyed(bridge.groups.head(10), ["customer_id"], ["change"])
    return {"dso_start": bridge.start, "dso_end": bridge.end, **effects, **customers}


# Asked on every day of a sample: where the truth has none, neither has the measure.
ON_EVERY_DAY: Mapping[str, Callable[[Ledger, str], Found]] = {
    "balance": alone(ar.balance),
    "open_items": lambda ledger, day: {"": len(ar.open_items(ledger, day))},
    "aged_balance": aged(BUCKETS),
    "balance_by_segment": by_group("segment"),
    "balance_by_customer": largest_customers,
    "concentration": concentrated,
    "overdue_rate": alone(ar.overdue_rate),
    "net_overdue_rate": alone(ar.net_overdue_rate),
    "unapplied_share": alone(ar.unapplied_share),
    "late_payment_rate": alone(ar.late_payment_rate),
    "late_amount_rate": alone(ar.late_amount_rate),
    "value_of_a_day": alone(ar.value_of_a_day),
    "dso_90": alone(ar.dso),
    "countback_dso": alone(ar.countback_dso),
    "daily_countback_dso": alone(ar.daily_countback_dso),
    "best_possible_dso": alone(ar.best_possible_dso),
    "delinquent_dso": alone(ar.delinquent_dso),
    "disputed_dso": alone(ar.disputed_dso),
    "extended_dso": alone(ar.extended_dso),
    "average_balance_dso": alone(ar.average_balance_dso),
    "monthly_average_dso": alone(ar.monthly_average_dso),
    "life_to_date_dso": alone(ar.life_to_date_dso),
    "sales_weighted_dso": alone(ar.sales_weighted_dso),
    "true_dso": alone(ar.true_dso),
    "disputed": disputes,
    "sales_90": lambda ledger, day: {"": ar.dso(ledger, day).inputs["sales"]},
    "collected_90": collected,
}

# Asked on the days on which the truth has them.
ON_CHOSEN_DAYS: Mapping[str, Callable[[Ledger, str], Found]] = {
    "aged_balance_netted": aged(BUCKETS, net_credits=True),
    "aged_balance_disputed_apart": aged([*BUCKETS, "disputed"], disputed_apart=True),
    "aged_balance_without_tax": aged([*BUCKETS, "tax_unknown"], net_of_tax=True),
    "aged_balance_by_two": aged_by_two,
    "balance_by_entity": by_group("entity"),
    "at_risk_rate": at_risk,
    "dso_contributions": lambda ledger, day: by_value(
        ar.dso_contributions(ledger, day, by="segment"), "segment", "days"
    ),
    "dso_history": histories,
    "weighted_terms": one_row(ar.weighted_terms),
    "settlements": settled,
    "days_to_pay": one_row(ar.days_to_pay),
    "days_late": one_row(ar.days_late),
    "days_to_pay_by_segment": by_segment(ar.days_to_pay),
    "days_late_by_segment": by_segment(ar.days_late),
    "payment_survival": survivals,
    "delay_profile": weekdays,
    "delay_history": months,
    "cohorts": paid_of_months,
    "at_risk_history": risked,
    "billing_lag": lags,
    "payment_profile": payment_weekdays,
    "loss_of_largest": without_largest,
}

# Asked from the evening of one day to that of another; the key of a fact begins with the first.
OVER_A_PERIOD: Mapping[str, Callable[[Ledger, str, str], Found]] = {
    "collection_effectiveness": alone(ar.collection_effectiveness),
    "monthly_collection_effectiveness": alone(ar.monthly_collection_effectiveness),
    "billing_collection_rate": alone(ar.billing_collection_rate),
    "due_collection_rate": alone(ar.due_collection_rate),
    "opening_collection_rate": alone(ar.opening_collection_rate),
    "overdue_collection_rate": alone(ar.overdue_collection_rate),
    "receivables_turnover": alone(ar.receivables_turnover),
    "receivables_growth": alone(ar.receivables_growth),
    "migration_matrix": moved,
    "roll_rates": rolled,
    "dso_bridge": bridged,
}
MEASURES = [*ON_EVERY_DAY, *ON_CHOSEN_DAYS, *OVER_A_PERIOD]
NOT_IN = {("negoce", "balance_by_entity"), ("groupe", "aged_balance_without_tax")}  # one company; no tax


# --- the comparison -------------------------------------------------------------------------------------------------


def wrong_figures(found: Found, known: Mapping[str, str]) -> list[str]:
    """Figures that differ in the last decimal written, and those the truth does not have."""
    wrong = [
        f"{key!r}: {found.get(key)} for {value}" for key, value in known.items() if not same(found.get(key), value)
    ]
    beyond = [key for key in found if key not in known and not (found[key] == 0 or math.isnan(found[key]))]
    return wrong + [f"{key!r}: {found[key]}, which has no meaning there" for key in beyond]


def same(figure: float | None, value: str) -> bool:
    """Half a unit of the last decimal, and what a float of that size cannot hold."""
    if figure is None:
        return False
    room = 0.5 * 10.0 ** -len(value.partition(".")[2]) if "." in value else 0.0
    return abs(figure - float(value)) <= room + 1e-9


def answers(ledger: Ledger, measure: str, day: str, known: Mapping[str, str]) -> Found:
    """What a measure answers on a day, in the keys of its facts."""
    if measure not in OVER_A_PERIOD:
        return {**ON_EVERY_DAY, **ON_CHOSEN_DAYS}[measure](ledger, day)
    found: dict[str, float] = {}
    for start in {key.partition(" / ")[0] for key in known}:
        for key, figure in OVER_A_PERIOD[measure](ledger, start, day).items():
            found[f"{start} / {key}" if key else start] = figure
    return found


@pytest.mark.parametrize("measure", MEASURES)
def test_a_measure_gives_every_true_figure_of_a_sample_and_no_other(
    sample: tuple[str, Ledger], measure: str, truth: Facts
) -> None:
    name, ledger = sample
    days = {day for of, day, _ in truth if of == name}
    asked = days if measure in ON_EVERY_DAY else {day for day in days if (name, day, measure) in truth}
    wrong = {day: wrong_figures(answers(ledger, measure, day, known), known)
             for day in sorted(asked) for known in [truth.get((name, day, measure), {})]}  # fmt: skip
    assert {day: each for day, each in wrong.items() if each} == {}
    assert any((name, day, measure) in truth for day in asked) != ((name, measure) in NOT_IN)


# A FEC knows no disputes and no tax, and of earlier years only what was left open; all else it must give alike.
OF_A_FEC = (
    *("balance", "open_items", "aged_balance", "aged_balance_netted", "aged_balance_by_two", "balance_by_segment"),
    *("balance_by_customer", "concentration", "overdue_rate", "net_overdue_rate", "unapplied_share", "dso_90"),
    *("countback_dso", "daily_countback_dso", "best_possible_dso", "delinquent_dso", "extended_dso"),
    *("average_balance_dso", "dso_contributions", "dso_history", "sales_90", "collected_90"),
)
# Nor what the credits were that it opens with, nor what was paid before of what they settled.
SINCE_THE_FIRST_QUARTER = ("due_collection_rate", "roll_rates")
FROM_THE_EVE = tuple(name for name in list(OVER_A_PERIOD)[:8] if name not in SINCE_THE_FIRST_QUARTER)


@pytest.fixture(scope="module")
def fec() -> Ledger:
    folder = samples_folder()
    return read_ledger(folder / "999999999FEC20251231.txt", customers=folder / "negoce_clients.csv")


@pytest.mark.parametrize("measure", [*OF_A_FEC, *FROM_THE_EVE, *SINCE_THE_FIRST_QUARTER])
def test_the_fec_of_a_year_gives_the_same_figures(fec: Ledger, measure: str, truth: Facts) -> None:
    compared = 0
    first = "2025-03-31" if measure in SINCE_THE_FIRST_QUARTER else EVE
    for (sample, day, of), facts in truth.items():
        known = {key: value for key, value in facts.items() if of not in OVER_A_PERIOD or key >= first}
        if sample == "negoce" and of == measure and day > EVE and known:
            assert wrong_figures(answers(fec, measure, day, known), known) == [], day
            compared += len(known)
    assert compared >= (4 if measure in FROM_THE_EVE else 2)


def test_the_fec_of_a_year_tells_its_whole_year(fec: Ledger) -> None:
    """From its eve to its end, by the same loops over the events that make `expected.csv`."""
    lines = rates.of_a_quarter(make_negoce(), date.fromisoformat(EVE), date(2025, 12, 31))
    known = {line.measure: {EVE: line.value} for line in lines}
    for measure in FROM_THE_EVE:
        if measure != "monthly_collection_effectiveness":  # the loops take three months for a period
            assert wrong_figures(answers(fec, measure, "2025-12-31", known[measure]), known[measure]) == [], measure


def test_the_openings_of_a_fec_move_as_the_items_they_stand_for(fec: Ledger) -> None:
    """From the eve, dispute flags aside: every row but `new`, in which opening credits are no payments of the FEC."""
    negoce = sample_ledger("negoce")
    calm = replace(negoce, items=negoce.items.assign(disputed=False))
    true, found = (
        ar.migration_matrix(ledger, EVE, "2025-03-31").set_index("at_start").drop("new") for ledger in (calm, fec)
    )
    assert found.to_numpy() == pytest.approx(true.to_numpy(), abs=0.01)


def test_the_openings_of_a_fec_roll_as_the_items_they_stand_for(fec: Ledger) -> None:
    """In the buckets they entered since the eve: they leave them 31 days later, which the whole ledger tells alike.

    To a thousandth: what opening credits settled is out of both sides in the FEC, and paid in the whole ledger.
    """
    true = ar.roll_rates(sample_ledger("negoce"), ["2025-01-30", "2025-03-31"]).set_index("bucket")
    found = ar.roll_rates(fec, [EVE, "2025-03-31"]).set_index("bucket")
    for bucket in ("1-30", "31-60", "61-90"):
        assert found.loc[bucket, "roll_rate"] == pytest.approx(true.loc[bucket, "roll_rate"], rel=1e-3)


def test_late_rates_of_a_fec_wait_for_its_whole_year(fec: Ledger) -> None:
    """In the first months what fell due is what it opened with; on its last day 519 of 4,124 are left out, and told."""
    for day, days in (("2025-01-31", 365), ("2025-01-31", 31), ("2025-06-30", 365)):
        assert math.isnan(ar.late_payment_rate(fec, day, days=days))
    rate = ar.late_payment_rate(fec, "2025-12-31")
    assert rate == pytest.approx(ar.late_payment_rate(sample_ledger("negoce"), "2025-12-31"), abs=0.01)
    assert "519 openings" in str(rate.note)


def test_every_figure_of_the_file_is_asked(truth: Facts) -> None:
    assert {measure for _, _, measure in truth} == set(MEASURES)


def test_a_cent_or_a_millionth_of_a_day_is_seen() -> None:
    """And a figure where there should be none, and none where there should be one."""
    known = {"a": "-12.34", "b": "56.789012", "c": "7"}
    right = {"a": -12.34, "b": 56.7890124, "c": 7, "nothing": 0.0, "unknown": math.nan}
    assert wrong_figures(right, known) == []
    for wrong in ({"a": -12.35}, {"b": 56.789013}, {"c": 8}, {"nothing": 0.01}, {"a": math.nan}):
        assert len(wrong_figures({**right, **wrong}, known)) == 1


# Measures the samples cannot prove, or that say again what others do.
NOT_PROVEN = {
    *("Bridge", "Concentration", "Countback", "Figure"),  # what measures answer
    *("count_back", "month_ends", "simple_days"),  # of numbers, not of a ledger
    *("dso_methods", "dso_split", "countback_split", "key_figures", "selection_bias"),  # other figures again
    "currency_effect",  # of documents in their own currency
    *("dispute_causes", "dispute_days"),  # the samples do not say since when, nor why
    *("financing_cost", "weight_in_assets"),  # of a rate or a balance sheet somebody gives
    "delay_history_by_payment_month",
}


def test_every_public_measure_is_proven_here_or_named() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    asked = {name for name in measures.__all__ if re.search(rf"\bar\.{name}\b", source)}
    assert set(measures.__all__) - asked == NOT_PROVEN
