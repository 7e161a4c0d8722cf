"""The chart of a payment law: what its title finds on invoices counted by hand, and that it draws the law itself."""

import json

import numpy as np
import pandas as pd
import pytest
import vl_convert
from paid_invoices import from_frame, from_text, random_invoices

from arlib.behaviour import payment_laws
from arlib.errors import ArlibError
from arlib.show.charts.law import payment_law_chart
from arlib.show.vega import picture
from arlib.words import number

HOSTILE = "\"];alert('x')//</script>{datum.x}"


@pytest.fixture(scope="module")
def laws():
    """A pays 5 days late, B 12 (40 invoices each, due on Mondays of 2025), C has no invoice, D never pays its 20.

    Half of each's invoices are paid by then whatever is drawn in of the others: 2 invoices' worth of 40.
    """
    due = pd.date_range("2025-01-06", periods=40, freq="7D")
    late = {"A": 5, "B": 12, "D": None}
    frames = [
        pd.DataFrame({"customer_id": name, "issued_on": due - pd.Timedelta(days=30), "due_on": due, "amount": 100.0})
        .assign(paid_on=pd.NaT if days is None else due + pd.Timedelta(days=days or 0))
        .head(20 if days is None else 40)
        for name, days in late.items()
    ]
    customers = pd.DataFrame({"customer_id": ["A", "B", "C", "D"]})
    return payment_laws(from_frame(pd.concat(frames), customers=customers))


def finding_of(chart):
    return " ".join(chart.to_dict()["params"][0]["value"][0])


def lines_of(chart):
    """The rows drawn as lines: day, group, share."""
    rows = [row for data in chart.to_dict()["datasets"].values() for row in data if "group" in row]
    return pd.DataFrame(rows).set_index(["group", "day"])["unpaid_share"]


def test_titles(laws):
    """Due on Mondays: 5 days later is a Saturday, on which nobody else pays: weekends are open. All together: 40 of

    100 paid by day 5, 80 by day 12, so that their half is day 12.
    """
    assert finding_of(payment_law_chart(laws, "A")) == (
        "Half of the invoices of A are paid 5 days after the due date, 7 days sooner than those of all customers "
        "(40 invoices tell so)"
    )
    assert finding_of(payment_law_chart(laws, "B", names={"B": "Durand"}, language="fr")) == (
        "La moitié des factures de «\u00a0Durand\u00a0» sont payées 12 jours après l'échéance, comme celles de tous "
        "les clients (d'après 40 factures)"
    )
    assert "No invoice tells yet how C pays" in finding_of(payment_law_chart(laws, "C"))
    assert finding_of(payment_law_chart(laws, "D")) == (
        "Over half of the invoices of D are not expected to be paid (20 invoices tell so)"
    )
    assert "de plus de la moitié" in finding_of(payment_law_chart(laws, "D", language="fr"))


def test_it_draws_what_the_law_says_in_calendar_days():
    laws = payment_laws(from_frame(random_invoices(5)))
    chart = payment_law_chart(laws, "C3")
    lines = lines_of(chart)
    for day in (0, 7, 14):
        assert lines["C3", day] == pytest.approx(laws.p_late(day)[laws.customers.get_loc("C3")])
        assert lines["all customers", day] == pytest.approx(laws.portfolio_p_late(day))
    assert (lines.groupby("group").diff().dropna() < 1e-12).all()
    assert lines.groupby("group").first().min() > 0.98
    marks = [row for data in chart.to_dict()["datasets"].values() for row in data if "figure" in row]
    median = laws.quantile(0.5)[laws.customers.get_loc("C3")]
    assert [row["day"] for row in marks if row["unpaid_share"] == 0.5] == [median]
    assert [row["figure"] for row in marks if row["unpaid_share"] == 0.5] == [f"{number(median, decimals=0)} days"]


def test_what_is_never_paid_is_shaded_to_the_edge(laws):
    """D pays nothing: 20 invoices weighing about 13, and 2 drawn in that pay as A on day 5 and as B on day 12.

    By day 5 under a tenth is paid (2 / 15 × 0.45), by day 12 a little over one. Of E's 40 invoices, 32 are paid on
    the due date and 8 never, which is more than a tenth.
    """
    subtitles = {
        name: " ".join(payment_law_chart(laws, name, language="fr").to_dict()["title"]["subtitle"]) for name in "AD"
    }
    assert "en grisé, huit règlements sur dix, du jour 5 au jour" in subtitles["A"]
    assert "en grisé, à partir du jour 12 où un dixième est payé" in subtitles["D"]
    due = pd.date_range("2025-01-06", periods=40, freq="7D")
    invoices = pd.DataFrame({"customer_id": "E", "issued_on": due, "due_on": due, "amount": 100.0, "paid_on": due})
    invoices.loc[::5, "paid_on"] = pd.NaT
    chart = payment_law_chart(payment_laws(from_frame(invoices)), "E")
    assert "from day 0, when a tenth is paid; over a tenth is never" in " ".join(chart.to_dict()["title"]["subtitle"])
    shaded = [row for data in chart.to_dict()["datasets"].values() for row in data if "low" in row]
    assert shaded == [{"low": 0, "high": lines_of(chart)["E"].index.max()}]


def test_one_customer_paid_at_once():
    table = "customer_id issued_on due_on amount paid_on\nA 2025-11-03 2025-12-03 100 2025-12-03"
    chart = payment_law_chart(payment_laws(from_text(table)), "A")
    assert finding_of(chart).startswith("Half of the invoices of A are paid by the due date, as are those of all")
    assert "(1 invoice tells so)" in finding_of(chart)


@pytest.mark.parametrize(("customer", "language"), [("A", "fr"), ("C", "en"), ("D", "fr")])
def test_it_is_drawn(laws, customer, language):
    drawn = picture(payment_law_chart(laws, customer, language=language), width=500)
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"


def test_names_are_data(laws):
    """A name from a file is in no expression; one missing or empty gives way to the identifier."""
    spec = payment_law_chart(laws, "A", names={"A": HOSTILE}).to_dict()
    assert "alert(" in json.dumps(spec)
    vega = vl_convert.vegalite_to_vega({**spec, "width": 600})
    written = [text for text in strings(vega, ("signal", "expr", "update", "test")) if "alert(" in text]
    assert written == []
    for names in (None, {}, {"A": np.nan}, {"A": " "}, pd.Series({"B": "x"})):
        assert "invoices of A are" in finding_of(payment_law_chart(laws, "A", names=names))
    assert "(A)" in finding_of(payment_law_chart(laws, "A", names={"A": "all customers"}))


def strings(written, under, key=""):
    if isinstance(written, dict):
        return [text for name, value in written.items() for text in strings(value, under, name)]
    if isinstance(written, list):
        return [text for value in written for text in strings(value, under, key)]
    return [written] if isinstance(written, str) and key in under else []


def test_an_unknown_customer_is_said(laws):
    with pytest.raises(ArlibError, match="no customer Z"):
        payment_law_chart(laws, "Z")
