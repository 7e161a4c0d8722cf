"""Where a file's edge leaves a DSO without meaning, and where it does not."""

import math

import numpy as np
import pandas as pd
import pytest
from small import known_by, ledger_of, of_items, sample_ledger

from arlib import read_ledger
from arlib.ledger import Ledger
from arlib.measures.bridge import dso_bridge
from arlib.measures.dso import countback_dso, dso, dso_contributions, dso_history, dso_methods
from arlib.measures.dso.edge import Edge
from arlib.measures.flows import collection_effectiveness
from arlib.measures.sales import Sales, numbers_of
from arlib.measures.working_capital import receivables_growth, value_of_a_day


def monthly(counts, *, start="2022-01", covers=None, weekdays=False):
    """A ledger of so many invoices a month, evenly spread, of 100 each, all paid 40 days later."""
    months = pd.period_range(start, periods=len(counts), freq="M")
    issued = [
        month.start_time.normalize() + pd.Timedelta(days=int(day))
        for month, count in zip(months, counts, strict=True)
        for day in np.linspace(0, month.days_in_month - 1, count).round()
    ]
    issued = pd.DatetimeIndex(issued)
    if weekdays:
        issued = issued.where(issued.day_of_week < 5, issued - pd.offsets.BDay(1))
    invoices = pd.DataFrame({"customer_id": "A", "kind": "invoice", "issued_on": issued, "amount": 100.0})
    payments = invoices.assign(kind="payment", issued_on=issued + pd.Timedelta(days=40), amount=-100.0)
    items = pd.concat([invoices, payments], ignore_index=True).assign(due_on=pd.NaT)
    items["item_id"], items["booked_on"] = np.arange(len(items)) + 1, items["issued_on"]
    size = len(invoices)
    matches = pd.DataFrame({"debit_id": np.arange(size) + 1, "credit_id": np.arange(size) + size + 1, "amount": 100.0})
    matches = matches.assign(matched_on=payments["issued_on"], method="official")
    last = months[-1].end_time.normalize()
    return of_items(items, matches, covers=covers or (str(months[0].start_time.date()), str(last.date())))


def cut(ledger, day):
    """The same file without its sales after a day, the payments going on."""
    items = ledger.items
    kept = (items["kind"] == "payment") | (items["issued_on"] <= pd.Timestamp(day))
    ids = items.loc[kept, "item_id"]
    matches = ledger.matches[ledger.matches["debit_id"].isin(ids) & ledger.matches["credit_id"].isin(ids)]
    return Ledger(items[kept], matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)


def beyond(ledger, days):
    return Edge.of(ledger, Sales.of(ledger).known, numbers_of(days)).beyond.tolist()


def every_day(ledger):
    return list(pd.date_range(*ledger.covers))


SINCE_2012 = [100] * 23


def test_the_last_month_of_a_list_that_stops_has_no_figure():
    """As the IBM list: some hundred invoices a month, two days of December, and the file ends."""
    ledger = monthly([*SINCE_2012, 100], start="2012-01", covers=("2012-01-01", "2013-12-02"))
    ledger = known_by(ledger, "2013-12-02")
    assert dso(ledger, "2013-12-02") > 20
    for measure in (dso, countback_dso):
        figure = measure(ledger, "2013-12-31")
        assert math.isnan(figure)
        assert "ledger ends on 2013-12-02" in str(figure.note)
        assert "s'arrête le 02/12/2013" in figure.note.text("fr")


def test_no_method_speaks_beyond_the_edge():
    ledger = sample_ledger("negoce")
    after = dso_methods(ledger, "2026-01-31")
    assert after["days"].isna().all()
    assert {note.key for note in after["note"]} == {"dso.edge.ended"}
    history = dso_history(ledger, ["2025-12-31", "2026-01-31"], by="segment")
    late = history["as_of"] == "2026-01-31"
    assert history.loc[late, ["dso", "countback_dso", "best_possible_dso", "delinquent_dso"]].isna().all().all()
    assert history.loc[~late, "dso"].notna().all()


@pytest.mark.parametrize("sample", ["negoce", "groupe"])
@pytest.mark.parametrize("last", ["2025-03-31", "2025-07-31", "2025-08-31"])
def test_a_file_cut_at_a_month_end_has_no_figure_a_month_later(sample, last):
    """Whether the payments go on or not: its covers still say the end of the year."""
    ledger = sample_ledger(sample)
    ends = pd.date_range(last, periods=3, freq="ME")
    for stopped in (cut(ledger, last), known_by(ledger, last)):
        assert beyond(stopped, ends) == [False, True, True]
        assert "file seems to stop" in str(dso(stopped, ends[1]).note)
        assert math.isnan(dso_history(stopped, ends)["dso"].iloc[1])


@pytest.mark.parametrize("sample", ["negoce", "groupe"])
def test_every_day_of_a_whole_ledger_is_within_its_edge(sample):
    ledger = sample_ledger(sample)
    assert not any(beyond(ledger, every_day(ledger)))


@pytest.mark.parametrize("august", [30, 12, 5])
def test_a_quiet_august_is_no_edge(august):
    """From 40 invoices a month to 30, 12 or 5 of them, for the first time."""
    ledger = monthly([40] * 7 + [august] + [40] * 4)
    assert not any(beyond(ledger, every_day(ledger)))


def test_an_august_closed_as_the_one_before_is_no_edge():
    year = [40] * 7 + [0] + [40] * 4
    ledger = monthly([*year, *year])
    second_year = [day for day in every_day(ledger) if day >= pd.Timestamp("2023-01-01")]
    assert not any(beyond(ledger, second_year))


@pytest.mark.parametrize(
    "counts",
    [
        [2, 1, 3, 0, 2, 1, 4, 0, 1, 2, 0, 3] * 2,  # a few invoices a month, some months without
        [60, 60, 50, 10, 0, 0, 0, 0, 5, 20, 50, 60] * 2,  # a season of skiing, the second year of which is known
        [1] * 24,  # one invoice a month
    ],
)
def test_small_and_seasonal_ledgers_are_within_their_edge(counts):
    ledger = monthly(counts)
    second_year = [day for day in every_day(ledger) if day >= pd.Timestamp("2023-01-01")]
    assert not any(beyond(ledger, second_year))


def test_a_long_weekend_after_the_last_day_is_no_edge():
    """A ledger up to Friday 29 December speaks for Sunday the 31st, and no more on Thursday 4 January."""
    ledger = known_by(monthly([40] * 12, start="2023-01", weekdays=True), "2023-12-29")
    ledger = Ledger(
        ledger.items,
        ledger.matches,
        ledger.customers,
        ledger.controls,
        ledger.currency,
        (ledger.covers[0], pd.Timestamp("2023-12-29")),
    )
    assert beyond(ledger, ["2023-12-29", "2023-12-31", "2024-01-04"]) == [False, False, True]


def test_before_the_ledger_there_is_no_figure():
    ledger = sample_ledger("negoce")
    assert beyond(ledger, ["2023-01-01", "2023-01-02"]) == [True, False]
    assert "begins on 2023-01-02" in str(countback_dso(ledger, "2022-12-31").note)


def test_a_ledger_without_sales_has_no_figure_and_no_exception():
    ledger = ledger_of(
        "customer | kind | issued | due | amount\n A | opening | 2024-01-01 | | 700",
        covers=("2024-01-01", "2024-06-30"),
    )
    methods = dso_methods(ledger, "2024-06-30").set_index("method")
    assert methods["days"].isna().all()
    assert methods["note"].notna().all()


def test_the_public_list_that_stops(shared_data):
    ledger = read_ledger(shared_data / "ibm_late_payment")
    assert math.isnan(dso(ledger, "2013-12-31"))
    assert 20 < dso(ledger, "2013-11-30") < 27
    assert not any(beyond(ledger, every_day(ledger)))


def test_a_public_list_of_paid_invoices_has_no_figure_once_it_thins_out(shared_data):
    """A thousand invoices a month, 31 in April 2020 and 3 in May: only what was paid by then is listed."""
    ledger = read_ledger(shared_data / "highradius" / "closed_customers_half1.csv")
    ends = ["2019-12-31", "2020-02-29", "2020-04-30", "2020-05-09"]
    edge = Edge.of(ledger, Sales.of(ledger).known, numbers_of(ends))
    assert edge.thin.tolist() == [False, False, True, True]


def test_a_list_of_what_is_open_is_told():
    """Without one payment the sales are those still open: 30 days over 30 whoever pays when."""
    ledger = ledger_of(
        """
        customer | kind    | issued     | due        | amount
        A        | invoice | 2024-06-05 | 2024-07-05 |  100
        A        | invoice | 2024-06-20 | 2024-07-20 |  100
        """,
        covers=("2024-05-01", "2024-06-30"),
    )
    for figure in (dso(ledger, days=30), countback_dso(ledger)):
        assert figure == 30.0
        assert "only lists what is open" in str(figure.note)


def test_a_file_in_which_nothing_at_all_is_booked_any_more_has_ended():
    """The invoices of negoce are some days apart, its movements never more than four: four weeks after the last."""
    ledger = known_by(sample_ledger("negoce"), "2025-06-30")
    last = ledger.items["booked_on"].max()
    days = [last + pd.Timedelta(days=days) for days in (0, 28, 29)]
    edge = Edge.of(ledger, Sales.of(ledger).known, numbers_of(days))
    assert edge.ended.tolist() == [False, False, True]
    note = dso(ledger, days[2]).note
    assert (note.key, note.values["days"], note.values["longest"]) == ("dso.edge.nothing", 29, 4)


def test_an_august_without_any_movement_as_the_one_before_is_no_edge():
    """Closed in August and paid by nobody: two years of it, the second known by the first."""
    ledger = monthly([40] * 24)
    quiet = ledger.items["booked_on"].dt.month == 8
    items = ledger.items[~quiet]
    ids = items["item_id"]
    matches = ledger.matches[ledger.matches["debit_id"].isin(ids) & ledger.matches["credit_id"].isin(ids)]
    ledger = Ledger(items, matches, ledger.customers, ledger.controls, ledger.currency, ledger.covers)
    second_year = [day for day in every_day(ledger) if day >= pd.Timestamp("2023-01-01")]
    assert not any(beyond(ledger, second_year))


def test_a_silence_of_sales_longer_than_any_before_is_told():
    """Payments go on after 30 June: the figure stays, and falls for want of invoices; before, four days at most."""
    ledger = cut(sample_ledger("negoce"), "2025-06-30")
    for day, told in [("2025-07-10", False), ("2025-07-25", True)]:
        figure = dso(ledger, day)
        assert not math.isnan(figure)
        assert (figure.note is not None) is told
    assert figure.note.key == "dso.edge.late"
    assert "n'y en avait jamais eu plus de 4" in figure.note.text("fr")
    assert not any(
        dso(sample_ledger("negoce"), day).note for day in pd.date_range("2025-01-31", "2025-12-31", freq="ME")
    )


def test_a_note_holds_all_there_is_to_mind():
    """Ten days with an invoice, no payment, then eleven days without a sale."""
    lines = [f"A | invoice | 2024-04-{day:02} | | 100" for day in range(1, 11)]
    table = "\n".join(["customer | kind | issued | due | amount", *lines])
    figure = dso(ledger_of(table, covers=("2024-01-01", "2024-04-30")), "2024-04-21")
    assert "No payment since" in str(figure.note)
    assert "11 days ago" in str(figure.note)


def test_a_list_without_invoice_dates_has_no_dso(tmp_path):
    """Each invoice stands at its due date, or its payment: nothing is ever owed before, and every DSO would be 0."""
    rows = [f"C{n % 3},F{n},2024-{n % 12 + 1:02}-15,2024-{n % 12 + 1:02}-20,{100 + n}" for n in range(48)]
    path = tmp_path / "paid.csv"
    path.write_text("\n".join(["customer,invoice,due_date,paid_on,amount", *rows]), encoding="utf-8")
    ledger = read_ledger(path)
    day = "2024-12-15"
    methods = dso_methods(ledger, day)
    assert methods["days"].isna().all()
    history = dso_history(ledger, [day]).drop(columns=["as_of", "receivable"])
    assert history.isna().all().all()
    bridge = dso_bridge(ledger, "2024-06-30", day)
    figures = [value_of_a_day(ledger, day, days=90), collection_effectiveness(ledger, "2024-09-30", day)]
    assert all(math.isnan(figure) for figure in figures)
    assert np.isnan(receivables_growth(ledger, "2024-06-30", day))
    assert dso_contributions(ledger, day)[["sales", "days", "own_dso"]].isna().all().all()
    notes = [*methods["note"], bridge.note, *(figure.note for figure in figures)]
    assert {note.key for note in notes} == {"read.no_issue_date"}
    assert "DSO and days to pay cannot be known" in str(bridge.sentence)
