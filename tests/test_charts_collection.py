"""The charts of collection: what their titles find on ledgers and plans small enough to check by hand."""

import dataclasses
import json
import re

import numpy as np
import pandas as pd
import pytest
import vl_convert
from small import ledger_of
from test_charts_measures import every_string, finding_of, lines_of, rows_of
from test_receipts import QUEMENIOU, bank, books

from arlib.collection import dunning_plan, match_receipts, worklist
from arlib.show import charts
from arlib.words import LANGUAGES, label_keys, word

HOSTILE = "\"];alert('x')//</script>{datum.x}"
DAY = "2025-06-30"
# Nobody has paid: everything is expected to stay unpaid for the 90 days after, on those not before its due date.
# A: 1,000 × 90 = 90,000 euro-days; B, due on 5 July: 2,000 × 86 = 172,000; C: 500 × 90 = 45,000; 307,000 in all.
# A is telephoned (30 days overdue): 22,500 × 5 % ÷ 365 - 1 = 2.08; B and C written to, B for 2.36, C for 0.62.
OWED = """
customer | kind    | issued     | due        | amount
A        | invoice | 2025-05-01 | 2025-05-31 | 1000
B        | invoice | 2025-06-05 | 2025-07-05 | 2000
C        | invoice | 2025-05-26 | 2025-06-25 | 500
"""


def listed(**given):
    return worklist(ledger_of(OWED, covers=("2025-01-01", DAY)), DAY, **given)


def plan(*load, late=0):
    """A plan of whose load each row is a day, a channel, what is expected and at most."""
    ledger = ledger_of(OWED, covers=("2025-01-01", DAY))
    found = dunning_plan(ledger, DAY)
    frame = pd.DataFrame(load, columns=["day", "channel", "expected", "maximum"])
    actions = pd.concat([found.actions.head(1)] * late).assign(status="late") if late else found.actions.head(0)
    return dataclasses.replace(found, load=frame.assign(day=pd.to_datetime(frame["day"])), actions=actions)


LOAD = (
    ("2025-06-30", "email", 4.0, 4),
    ("2025-07-03", "email", 2.5, 6),
    ("2025-07-03", "letter", 3.0, 5),
)


def matching(*rows):
    """Two receipts that settle invoices of 250.25 and 433.67, then others."""
    some = ((250.25, QUEMENIOU, "FA25-00112"), (433.67, QUEMENIOU, "VIREMENT"))
    return match_receipts(books(), bank(*some, *rows))


MADE = {
    "worklist": lambda language: charts.worklist_chart(listed(capacity=1), language=language, currency="EUR"),
    "dunning": lambda language: charts.dunning_load_chart(plan(*LOAD), language=language),
    "receipts": lambda language: charts.receipts_chart(matching((77.77, "INCONNU", "RIEN")), language=language),
}
FINDINGS = {
    "worklist": (
        (
            "The first contact (1 of 3) reaches 56% of the lateness expected; calling what is overdue first, then the "
            "largest amounts, 29%"
        ),
        (
            "Le premier contact (1 sur 3) couvre 56 % du retard attendu ; en relançant l'échu d'abord, puis les plus "
            "gros montants, 29 %"
        ),
    ),
    "dunning": (
        "10 reminders are expected to go out by 2025-07-30, 15 if nobody pays; most on 2025-07-03: 6",
        "10 relances attendues d'ici au 30/07/2025, 15 si personne ne paie ; le plus le 03/07/2025 : 6",
    ),
    "receipts": (
        "67% of the 3 receipts to book are matched with nobody looking (EUR 684); 0 to look at, 1 without a proposal",
        (
            "67 % des 3 encaissements à passer sont lettrés sans que personne regarde (684 €) ; 0 à vérifier, 1 sans "
            "proposition"
        ),
    ),
}


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_is_what_the_frame_says(name, language):
    spec = MADE[name](language).to_dict()
    assert re.sub(r"[\u00a0\u202f]", " ", finding_of(spec)) == FINDINGS[name][LANGUAGES.index(language)]
    assert spec["description"].endswith(f" {finding_of(spec)}.")


@pytest.mark.parametrize("name", MADE)
def test_every_chart_is_drawn_at_every_width_with_the_ink_around_it(name):
    spec = MADE[name]("fr").to_dict()
    assert len({" ".join(lines) for lines in lines_of(spec)}) == 1
    assert max(map(len, lines_of(spec))) <= 7
    for width in (290, 1000):
        svg = vl_convert.vegalite_to_svg({**spec, "width": width})
        assert set(re.findall(r'<text[^>]* fill="([^"]+)"', svg)) == {"currentColor"}


@pytest.mark.parametrize("name", MADE)
def test_nothing_in_french_is_english(name):
    keys = [key for key in label_keys() if key.startswith(("charts.", "show.", "collection.channel.", "table."))]
    pairs = {word(key, "en"): word(key, "fr") for key in keys if "{" not in word(key, "en")}
    english = {here for here, there in pairs.items() if here != there} - set(pairs.values())
    shown = {"title", "series", "label", "channel", "class", "why"}
    texts = [
        {text for under, text in every_string(MADE[name](language).to_dict()) if under[-1] in shown}
        for language in LANGUAGES
    ]
    assert english & texts[0]
    assert english & texts[1] == set()


def test_lines_are_what_is_reached_contact_by_contact():
    """B, A, C by what a contact gains; A, C, B where what is overdue comes first, the larger amount before."""
    drawn = pd.DataFrame([row for row in rows_of(MADE["worklist"]("en").to_dict()) if "added" in row])
    lines = {name: rows.sort_values("contacts") for name, rows in drawn.groupby("series")}
    ours, usual = lines["this list"], lines["overdue first, then largest"]
    assert ours["added"].tolist() == ["–", "Client B", "Client A", "Client C"]
    assert usual["added"].tolist() == ["–", "Client A", "Client C", "Client B"]
    assert ours["share"].to_numpy() == pytest.approx([0, 172 / 307, 262 / 307, 1])
    assert usual["share"].to_numpy() == pytest.approx([0, 90 / 307, 135 / 307, 1])
    assert ours["gain"].tolist() == [0.0, 2.36, 4.44, 5.05]


def test_a_limit_that_is_no_first_part_of_the_list_is_a_dot():
    """No call today: B and C are written to, 217 of 307; the title speaks of the first tenth, which is one."""
    spec = charts.worklist_chart(listed(capacity={"phone": 0})).to_dict()
    assert finding_of(spec).startswith("The first contact (1 of 3) reaches 56%")
    assert "dot: today's 2, within the capacity, reach 71%" in " ".join(spec["title"]["subtitle"])
    free = charts.worklist_chart(listed()).to_dict()
    assert "dot" not in " ".join(free["title"]["subtitle"])


def test_what_goes_out_only_if_nobody_pays_is_pale_and_above():
    rows = pd.DataFrame([row for row in rows_of(MADE["dunning"]("en").to_dict()) if "letters" in row])
    of_day = rows[rows["day"].str.startswith("2025-07-03")].sort_values("place")
    assert of_day["channel"].tolist() == ["E-mail", "Letter", "E-mail", "Letter"]
    assert of_day["letters"].tolist() == [2.5, 3.0, 3.5, 2.0]
    assert of_day["expected_part"].tolist() == [True, True, False, False]


def test_reminders_that_are_late_are_told_first():
    spec = charts.dunning_load_chart(plan(("2025-06-30", "email", 4.0, 4), late=3)).to_dict()
    assert finding_of(spec) == (
        "3 reminders are late already and go out first; 4 are expected by 2025-07-30, 4 if nobody pays"
    )


def test_many_days_are_drawn_by_week():
    """60 days from Monday 30 June on: nine weeks, seven letters each but the last, which has four days."""
    days = pd.date_range("2025-06-30", periods=60)
    spec = charts.dunning_load_chart(plan(*((day, "email", 1.0, 1) for day in days))).to_dict()
    rows = [row for row in rows_of(spec) if row.get("expected_part")]
    assert [row["letters"] for row in rows] == [7.0] * 8 + [4.0]
    assert "by week" in " ".join(spec["title"]["subtitle"])


def test_receipts_in_another_currency_are_counted_and_not_added():
    found = matching((77.77, "INCONNU", "RIEN", "2025-03-10", "CHF"))
    spec = charts.receipts_chart(found).to_dict()
    figures = {row["why"]: row["figure"] for row in rows_of(spec) if "figure" in row}
    assert figures["another currency"] == "1"
    assert "1 in other currencies are counted" in " ".join(spec["title"]["subtitle"])


def test_receipts_that_are_booked_or_taken_back_need_nobody():
    found = matching()
    unmatched = pd.DataFrame({"receipt_id": [1, 2], "why": ["already_booked", "returned"]})
    spec = charts.receipts_chart(dataclasses.replace(found, proposals=found.proposals.head(0), unmatched=unmatched))
    assert finding_of(spec.to_dict()) == "All 2 receipts are in the books already, or were taken back"


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_there_is_nothing_it_is_said(language):
    nobody, nothing = listed(capacity=1), matching()
    empty = dataclasses.replace(nobody, contacts=nobody.contacts.head(0), left=nobody.left.head(0))
    none = dataclasses.replace(nothing, proposals=nothing.proposals.head(0), unmatched=nothing.unmatched.head(0))
    drawn = {
        "worklist": charts.worklist_chart(empty, language=language),
        "dunning": charts.dunning_load_chart(plan(), language=language),
        "receipts": charts.receipts_chart(none, language=language),
    }
    for name, chart in drawn.items():
        assert finding_of(chart.to_dict()) == word(f"charts.{name}.none", language)
        vl_convert.vegalite_to_svg({**chart.to_dict(), "width": 300})


def test_names_of_files_are_data():
    found = listed()
    hostile = dataclasses.replace(found, contacts=found.contacts.assign(name=HOSTILE))
    spec = charts.worklist_chart(hostile).to_dict()
    expressions = [text for under, text in every_string(spec) if under[-1] in {"expr", "test", "filter", "calculate"}]
    assert [text for text in expressions if "alert" in text] == []
    assert any(HOSTILE[:20] in str(row.get("added")) for row in rows_of(spec))


def test_twenty_thousand_customers_are_still_a_chart():
    found = listed(capacity=1)
    count = 20_000
    rows = found.contacts.iloc[np.zeros(count, dtype=int)].assign(customer_id=[f"C{n:05}" for n in range(count)])
    spec = charts.worklist_chart(dataclasses.replace(found, contacts=rows)).to_dict()
    assert len(rows_of(spec)) < 5_000
    assert len(json.dumps(spec)) < 600_000
