"""The customer card: figures of the functions it names, what is missing said, hostile names, no look ahead."""

import dataclasses
import re
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from paid_invoices import from_frame, future_changed, random_invoices
from small import ledger_of

from arlib.behaviour import payment_laws
from arlib.collection.card import CustomerCard, card_file, customer_card, customer_cards
from arlib.collection.log import ContactLog
from arlib.collection.statement import statement
from arlib.collection.worklist import worklist
from arlib.errors import ArlibError
from arlib.export import write_customer_card
from arlib.ledger import Ledger
from arlib.risk import credit_exposure, score_customers
from arlib.show.pages import card_page, statement_page
from arlib.show.tables.card import action_label, card_lines
from arlib.simulation.forecast import forecast_cash
from arlib.words import money

DAY = "2025-12-31"
HOSTILE = '=HYPERLINK("http://x") <script>alert(1)</script> ../../x \u202e\u05e9\u05dc ' + "x" * 300
LOG = ContactLog(
    pd.DataFrame(
        {
            "customer_id": ["C1", "C1", "C2"],
            "contacted_on": ["2025-11-03", "2025-12-01", "2025-12-02"],
            "channel": ["email", "phone", "letter"],
            "level": [1, None, 1],
            "outcome": ["none", "promised", "none"],
            "note": [None, "<img src=x onerror=alert(1)>", None],
        }
    )
)


@cache
def ledger() -> Ledger:
    invoices = random_invoices(10)
    names = sorted(invoices["customer_id"].unique())
    customers = pd.DataFrame({"customer_id": names, "name": [HOSTILE if name == "C1" else name for name in names]})
    customers["credit_limit"] = np.where(customers["customer_id"] == "C1", 10_000.0, np.nan)
    customers["insured_limit"] = np.where(customers["customer_id"] == "C1", 5_000.0, np.nan)
    customers["country"] = np.where(customers["customer_id"] == "C1", "=FR", None)
    made = from_frame(invoices, customers=customers)
    items = made.items.assign(label=HOSTILE, disputed=made.items["item_id"] % 7 == 0)
    return dataclasses.replace(made, items=items)


@cache
def card(customer: str = "C1", language: str = "en") -> CustomerCard:
    return customer_card(ledger(), customer, DAY, log=LOG, language=language)


def unpaid() -> Ledger:
    """Two customers of whom one owes an invoice that nobody has paid, and the other nothing."""
    table = """
    customer | kind    | issued     | due        | amount
    A        | invoice | 2025-11-01 | 2025-12-01 | 100.00
    B        | invoice | 2025-11-01 | 2025-12-01 | 50.00
    B        | credit_note | 2025-11-05 |         | -50.00
    """
    made = ledger_of(table, covers=("2025-10-01", DAY))
    return dataclasses.replace(made, customers=made.customers[["customer_id"]])


def test_each_figure_is_that_of_the_function_it_names():
    found = card()
    exposure = credit_exposure(ledger(), DAY).set_index("customer_id").loc["C1"]
    assert found.exposure[["receivable", "exposure", "insured", "over_limit"]].tolist() == (
        exposure[["receivable", "exposure", "insured", "over_limit"]].tolist()
    )
    score = score_customers(ledger(), DAY).set_index("customer_id").loc["C1"]
    assert (found.score["score"], found.score["reasons"]) == (score["score"], score["reasons"])
    laws = payment_laws(ledger(), DAY)
    place = laws.customers.get_loc("C1")
    assert found.law["median_days_late"] == laws.quantile(0.5)[place]
    assert found.law["unpaid_share"] == laws.unpaid[place, -1]
    weeks = forecast_cash(ledger(), DAY).by_customer
    assert found.expected["expected"].tolist() == weeks.loc[weeks["customer_id"] == "C1", "expected"].tolist()
    queues = worklist(ledger(), DAY, log=LOG).queues
    assert found.actions.loc[found.actions["source"] == "worklist", "reason"].tolist() == (
        queues.loc[queues["customer_id"] == "C1", "reason"].tolist()
    )


@pytest.mark.parametrize("customer", ["C1", "C2", "C3"])
def test_one_number_is_owed(customer):
    """The account, the open items, the ages, the exposure, the last month end and the worklist say the same."""
    found = card(customer)
    total = statement(ledger(), customer, DAY).total
    queued = found.actions.loc[found.actions["source"] == "worklist", "amount"].sum()
    parts = (found.exposure["receivable"], found.balances["total"].iloc[-1], found.account.aging["amount"].sum())
    for owed in (found.account.total, queued, *parts):
        assert owed == pytest.approx(total, abs=0.004)
    assert found.account.overdue == pytest.approx(found.exposure["overdue"], abs=0.004)


def test_the_last_contacts_come_first_and_only_its_own():
    assert card().contacts["channel"].tolist() == ["phone", "email"]
    assert "contacts" in card("C3").missing
    assert customer_card(ledger(), "C1", DAY).missing["log"].text("en").startswith("No log of contacts")


def test_what_is_missing_is_said():
    assert {"limit", "insurance", "orders", "identity"} <= set(card("C2").missing)
    assert set(card().missing) == {"orders"}
    for name in ("A", "B"):
        found = customer_card(unpaid(), name)
        assert {"law", "score", "expected", "limit", "insurance", "log"} <= set(found.missing)
        for line in card_lines(found):
            assert line.told or not pd.isna(line.value), line


def test_where_nobody_paid_the_page_and_the_workbook_stand(tmp_path):
    for name, language in (("A", "en"), ("B", "fr")):
        found = customer_card(unpaid(), name, language=language)
        page = card_page(found)
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b", texts_of(page))
        assert found.missing["score"].text(language) in texts_of(page)
        assert write_customer_card(found, path=tmp_path / f"{name}.xlsx").exists()


def test_several_cards_are_the_single_ones():
    both = customer_cards(ledger(), ["C2", "C1"], DAY, log=LOG)
    assert [each.customer_id for each in both] == ["C2", "C1"]
    pd.testing.assert_series_equal(both[1].score, card().score)
    pd.testing.assert_frame_equal(both[1].actions, card().actions)


def test_what_is_at_hand_gives_the_same_cards_and_their_making_is_told():
    shares: list[float] = []
    at_hand = {"scores": score_customers(ledger(), DAY), "forecast": forecast_cash(ledger(), DAY)}
    cards = card_file(ledger(), DAY, log=LOG, **at_hand, progress=shares.append)
    pd.testing.assert_series_equal(cards.card("C1").score, card().score)
    pd.testing.assert_frame_equal(cards.card("C1").expected, card().expected)
    pd.testing.assert_frame_equal(cards.card("C1").actions, card().actions)
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_where_no_cash_is_to_be_expected_the_card_says_why():
    """The only invoice still open is older than any that was ever paid so late, and no sales are known to come."""
    table = """
    customer | kind    | issued     | due        | amount  | pays
    A        | invoice | 2025-10-01 | 2025-10-31 | 100.00  |
    A        | payment | 2025-11-15 |            | -100.00 | 1
    B        | invoice | 2025-11-01 | 2025-12-01 | 70.00   |
    """
    found = customer_card(ledger_of(table, covers=("2025-10-01", DAY)), "B", language="fr")
    assert found.score is not None
    assert found.expected.empty
    assert found.missing["expected"].text("fr") in texts_of(card_page(found))


def test_a_customer_nobody_knows():
    with pytest.raises(ArlibError, match="Near it: C1"):
        customer_card(ledger(), "c1 ")


def test_nothing_later_is_known():
    day = "2025-06-30"
    found = customer_card(ledger(), "C1", day, log=LOG)
    later = dataclasses.replace(future_changed(ledger(), day), customers=ledger().customers)
    same = customer_card(later, "C1", day, log=LOG)
    for name in ("balances", "delays", "expected", "contacts", "actions"):
        pd.testing.assert_frame_equal(getattr(found, name), getattr(same, name), check_exact=True)
    for name in ("exposure", "law", "score"):
        pd.testing.assert_series_equal(getattr(found, name), getattr(same, name), check_exact=True)
    assert found.account.total == same.account.total
    assert found.contacts.empty


class _Page(HTMLParser):
    """The tags and the texts of a page as a browser reads it."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.texts: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        if self.tags and self.tags[-1] != "style":
            self.texts.append(data)


def read(page: str) -> _Page:
    parser = _Page()
    parser.feed(page)
    return parser


def texts_of(page: str) -> str:
    return " ".join(read(page).texts)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_page_stands_alone_and_a_hostile_name_is_text(language):
    for page in (card_page(card(language=language)), statement_page(card(language=language).account)):
        parsed = read(page)
        assert not {"script", "img", "link", "iframe", "a", "object"} & set(parsed.tags)
        assert not [name for name, _ in parsed.attributes if name.startswith("on") or name in ("src", "href")]
        assert HOSTILE in parsed.texts
        assert f'lang="{language}"' in page
        assert not re.search(r"\bnan\b|\bNone\b|\bNaT\b", texts_of(page))
    assert "<img src=x onerror" not in card_page(card(language=language))


def test_charts_of_a_page_do_not_share_their_marks():
    marks = re.findall(r'\bid="([^"]+)"', card_page(card()))
    assert len(marks) == len(set(marks))


def test_the_balance_of_the_workbook_runs_by_formulas(tmp_path):
    """Each formula, read as a person would, gives the balance of the statement; the last row is its difference."""
    found = card()
    book = load_workbook(write_customer_card(found, path=tmp_path / "card.xlsx"))
    rows = list(book["Account"].iter_rows(min_row=6, values_only=True))
    moved = found.account.movements
    assert rows[0][7] == found.account.brought_forward
    balance = rows[0][7]
    for row, (*_, debit, credit, formula) in enumerate(rows[1 : len(moved) + 1], 7):
        assert formula == f"=ROUND(H{row - 1}+F{row}-G{row},2)"
        balance = round(balance + (debit or 0) - (credit or 0), 2)
        assert balance == moved["balance"].iloc[row - 7]
    last = 6 + len(moved)
    closing = [row[7] for row in rows[len(moved) + 1 :]]
    count = len(found.account.open_items) + len(found.account.unapplied)
    assert closing == [f"=H{last}", f"=SUM('Open items'!$G$6:$G${5 + count})", f"=ROUND(H{last + 1}-H{last + 2},2)"]
    opened = [row[6] for row in book["Open items"].iter_rows(min_row=6, max_row=5 + count, values_only=True)]
    assert sum(opened) == pytest.approx(found.account.total, abs=0.004)


def test_a_text_of_the_workbook_is_never_a_formula(tmp_path):
    found = dataclasses.replace(card(language="fr"), name="\x07" + HOSTILE)
    book = load_workbook(write_customer_card(found, path=tmp_path / "card.xlsx"))
    cells = [cell for page in book for row in page.iter_rows() for cell in row]
    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert formulas
    assert all(re.fullmatch(r"=(ROUND|SUM)\(.*\)|=H\d+", formula) for formula in formulas)
    assert HOSTILE in [cell.value for cell in cells]
    assert "=FR" in [cell.value for cell in cells if cell.data_type == "s"]


def test_the_workbook_of_a_customer_shows_its_figures_before_anything_is_calculated(tmp_path):
    found = card()
    book = load_workbook(write_customer_card(found, path=tmp_path / "card.xlsx"), data_only=True)
    shown = [row[7] for row in book["Account"].iter_rows(min_row=7, values_only=True)]
    moved = found.account.movements["balance"].tolist()
    assert shown[: len(moved)] == moved
    assert shown[len(moved) :] == [found.account.total, pytest.approx(found.account.total), 0]


def test_a_path_in_the_place_of_the_statement_is_told(tmp_path):
    with pytest.raises(ArlibError, match="by its name: path"):
        write_customer_card(card(), tmp_path / "card.xlsx")


def test_a_statement_of_somebody_else_is_refused(tmp_path):
    other = statement(ledger(), "C2", DAY)
    with pytest.raises(ArlibError, match="same customer and day"):
        write_customer_card(card(), other, tmp_path / "card.xlsx")


def test_what_to_ask_for_is_what_the_worklist_says():
    """The contact of a customer names the amount the worklist would speak of, not all it owes."""
    asked = worklist(ledger(), DAY, log=LOG).contacts.set_index("customer_id")["chased"]
    for customer_id, chased in asked.items():
        found = card(customer_id)
        (contact,) = (action for _, action in found.actions.iterrows() if action["code"] == "contact")
        assert contact["asked"] == pytest.approx(chased, abs=0.004)
        assert money(chased, found.language, found.currency) in action_label(contact, found.language, found.currency)
    assert (card("C1").actions["asked"].fillna(card("C1").actions["amount"]) > 0).all()


@pytest.mark.parametrize("customer", ["C1", "C2", "C3"])
def test_the_points_a_card_shows_add_up_to_its_score(customer):
    found = card(customer)
    told = [
        line.value for line in card_lines(found) if line.section == "score" and line.label in ("Starting point", "Why")
    ]
    assert len(told) == 2
    points = re.findall(r"([+−]?\d+)\spoints?", " ".join(map(str, told)))
    assert sum(int(each.replace("−", "-")) for each in points) == found.score["score"]
