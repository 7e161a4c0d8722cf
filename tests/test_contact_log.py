"""Logs of past contacts: files in both languages, every bad cell named, and what of them a ledger knows on a day."""

import pandas as pd
import pytest
from small import ledger_of, shuffled

from arlib.collection.log import CHANNELS, COLUMNS, OUTCOMES, ContactLog, read_contact_log
from arlib.errors import ArlibError

LEDGER = """
customer | kind    | issued     | due        | amount | pays
A        | invoice | 2025-01-10 | 2025-02-10 | 100    |
A        | invoice | 2025-02-10 | 2025-03-10 | 200    |
B        | invoice | 2025-05-20 | 2025-06-20 | 300    |
A        | payment | 2025-03-01 |            | -100   | 1
"""
FRENCH = (
    "Relances du mois;;;;;\n"
    "Client;Date de relance;Type de relance;Niveau;Résultat;Commentaire\n"
    "A;12/03/2025;Téléphone;1;Promesse de paiement;dit vendredi\n"
    "A;25/03/2025;LRAR;Mise en demeure;;\n"
    "B;26/05/2025;Courriel;Relance 2;rappeler lundi;absente\n"
)


def log(**columns):
    return ContactLog(pd.DataFrame(columns))


def test_a_french_file_under_a_title():
    found = read_contact_log(("relances.csv", FRENCH.encode()))
    rows = found.table.fillna({"level": 0, "note": ""})
    assert rows[["customer_id", "channel", "level", "outcome", "note"]].to_numpy().tolist() == [
        ["A", "phone", 1, "promised", "dit vendredi"],
        ["A", "formal_notice", 0, "none", ""],
        ["B", "email", 2, "other", "rappeler lundi – absente"],
    ]
    assert f"{found.table['contacted_on'].iloc[0]:%Y-%m-%d}" == "2025-03-12"
    assert any(note.key == "collection.log.outcomes" for note in found.notes)


def test_an_english_workbook(tmp_path):
    path = tmp_path / "log.xlsx"
    pd.DataFrame(
        {
            "Invoice number": ["F1", "F2"],
            "Contact date": pd.to_datetime(["2025-03-12", "2025-03-13"]),
            "Channel": ["Phone call", "Letter"],
            "Outcome": ["Already paid", "Voicemail"],
        }
    ).to_excel(path, index=False)
    table = read_contact_log(path).table
    assert table[["reference", "channel", "outcome"]].to_numpy().tolist() == [
        ["F1", "phone", "paid"],
        ["F2", "letter", "unreachable"],
    ]


def test_every_wrong_cell_is_named_at_once():
    text = FRENCH.replace("Téléphone", "pigeon").replace("25/03/2025", "32/03/2025").replace("Relance 2", "zz")
    with pytest.raises(ArlibError) as caught:
        read_contact_log(("relances.csv", text.replace("B;26/05/2025", ";").encode()))
    lines = caught.value.text("fr").splitlines()
    assert [sum(part in line for line in lines) for part in ("pigeon", "32/03/2025", "zz", "date du contact")] == [
        1
    ] * 4
    assert any("ligne 5" in line and "qui a été contacté" in line for line in lines)


@pytest.mark.parametrize(
    ("columns", "key"),
    [
        ({"customer_id": ["A"]}, "collection.log.columns"),
        ({"contacted_on": ["2025-01-01"], "channel": ["phone"]}, "collection.log.columns"),
    ],
)
def test_a_table_without_its_columns_is_refused(columns, key):
    with pytest.raises(ArlibError) as caught:
        log(**columns)
    assert caught.value.sentence.key == key


def test_a_file_that_is_no_log_is_refused():
    with pytest.raises(ArlibError, match="this is no log of contacts"):
        read_contact_log(("x.csv", b"colour;size\nred;3\n"))


def test_codes_are_kept_as_they_are_and_a_second_reading_changes_nothing():
    one = log(
        customer_id=["A"] * len(CHANNELS),
        contacted_on=pd.date_range("2025-01-01", periods=len(CHANNELS)),
        channel=CHANNELS,
        outcome=OUTCOMES[: len(CHANNELS)],
    )
    assert one.table["channel"].tolist() == list(CHANNELS)
    assert one.table["outcome"].tolist() == list(OUTCOMES[: len(CHANNELS)])
    pd.testing.assert_frame_equal(ContactLog(one.table).table, one.table)
    assert list(one.table.columns) == list(COLUMNS)


def test_what_is_given_is_not_written_and_the_order_of_rows_does_not_matter():
    table = read_contact_log(("r.csv", FRENCH.encode())).table
    before = table.copy()
    turned = ContactLog(table.iloc[::-1])
    pd.testing.assert_frame_equal(table, before)
    pd.testing.assert_frame_equal(turned.table, table)


def test_customers_by_code_or_name_items_by_number_or_reference():
    """F1 and F2 are invoices of A, line 4 its payment; item 3 is of B, whatever customer is left out."""
    found = log(
        customer_id=["A", "client b", None, None, "A"],
        item_id=[None, None, 3, None, None],
        reference=[None, None, None, "F2", "F1"],
        contacted_on=["2025-06-01"] * 5,
    ).contacts(ledger_of(LEDGER), "2025-06-30")
    rows = found.rows.fillna({"item_id": 0})
    pairs = sorted(zip(rows["customer_id"], rows["item_id"], strict=True))
    assert pairs == [("A", 0), ("A", 1), ("A", 2), ("B", 0), ("B", 3)]
    assert found.notes == ()


def test_what_the_ledger_does_not_know_is_named_and_what_is_later_is_unknown():
    given = log(
        customer_id=["A", "Z", "A", "B"],
        item_id=[None, None, 3, 3],
        contacted_on=["2025-03-01", "2025-03-01", "2025-03-02", "2025-03-02"],
    )
    found = given.contacts(ledger_of(LEDGER), "2025-03-31")
    assert found.rows["customer_id"].tolist() == ["A"]  # Z is nobody, item 3 is not A's, nor booked by then
    assert [note.values.get("names") for note in found.notes] == ["A, Z"]
    early = given.contacts(ledger_of(LEDGER), "2025-02-28")
    assert early.rows.empty
    assert early.notes[0].values["rows"] == 4


def test_a_log_of_another_ledger_is_refused():
    with pytest.raises(ArlibError, match="belongs to it"):
        log(customer_id=["Z"], contacted_on=["2025-03-01"]).contacts(ledger_of(LEDGER), "2025-06-30")


def test_the_order_of_the_ledger_does_not_matter():
    given = log(customer_id=["A", None], reference=[None, "F2"], contacted_on=["2025-03-01", "2025-04-01"])
    one, other = (
        given.contacts(each, "2025-06-30").rows for each in (ledger_of(LEDGER), shuffled(ledger_of(LEDGER), 3))
    )
    pd.testing.assert_frame_equal(one, other)


def test_hostile_names_stay_text():
    names = ['=HYPERLINK("http://x")', "<script>alert(1)</script>", "../../x", "x" * 300, "\u202eevil"]
    with pytest.raises(ArlibError) as caught:
        log(customer_id=names, contacted_on=["2025-03-01"] * 5).contacts(ledger_of(LEDGER), "2025-06-30")
    assert len(str(caught.value)) < 600


@pytest.mark.parametrize("level", ["-3", "\u22123", "1.5", "100"])
def test_a_level_is_a_whole_number_of_0_or_more(level):
    with pytest.raises(ArlibError, match=level):
        log(customer_id=["A"], contacted_on=["2025-01-10"], level=[level])


def test_levels_as_files_write_them():
    assert log(
        customer_id=["A", "B", "C"], contacted_on=["2025-01-10"] * 3, level=["2.0", "Relance 3", "0"]
    ).table.set_index("customer_id")["level"].to_dict() == {"A": 2, "B": 3, "C": 0}
