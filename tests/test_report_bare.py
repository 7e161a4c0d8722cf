"""The report of ledgers that hold little, or names that are no names: sentences, and nothing but text."""

import io

import pandas as pd
import pypdf
import pytest
from reports import DAY, LEDGER, Tags, printed, told
from small import ledger_of, of_items

from arlib import Ledger
from arlib.export.report import Report, compose_report, report_page, report_pdf

NAMES = (
    "<img src=x onerror=alert(1)><script>alert(2)</script>",
    '#panic("x") $y$ @z \\ *b* _i_ `c` ]#[ // end',
    "=cmd|' /C calc'!A0",
    "\u202eشركة النور\u202c",
    "N" * 300,
)


@pytest.fixture(scope="module")
def hostile() -> Ledger:
    """A ledger of five customers whose names are no names."""
    small = ledger_of(LEDGER)
    ids = dict(zip("ABC", "abc", strict=True))
    items = small.items.assign(customer_id=small.items["customer_id"].map(ids), label=NAMES[0], reference=NAMES[1])
    more = items.iloc[[8, 8]].assign(item_id=[20, 21], customer_id=["d", "e"])
    items = pd.concat([items, more], ignore_index=True)
    ledger = of_items(items, small.matches)
    customers = ledger.customers.sort_values("customer_id").assign(name=list(NAMES))
    return Ledger(ledger.items, ledger.matches, customers, ledger.controls, "EUR", ledger.covers)


# --- ledgers without much ---------------------------------------------------------------------------------------------

BARE = {
    "nothing paid": "A | invoice | 2024-01-10 | 2024-02-10 | 1000 |",
    "nothing sold": "A | payment | 2024-01-10 | | -1000 |",
    "all settled": "A | invoice | 2024-01-10 | 2024-02-10 | 10 |\nA | payment | 2024-02-20 | | -10 | 1",
}


@pytest.mark.parametrize("rows", BARE.values(), ids=BARE)
def test_what_cannot_be_computed_says_why(rows):
    ledger = ledger_of(f"customer | kind | issued | due | amount | pays\n{rows}")
    found = compose_report(ledger, language="fr")
    missing = [text for section in found.sections for text in section.blocks if getattr(text, "kind", "") == "missing"]
    assert len(missing) >= 5
    assert all(text.text.strip() for text in missing)
    assert "nan" not in told(report_page(found)).split()


@pytest.mark.parametrize("day", ["2023-06-01", "2030-06-01"])
def test_a_day_the_ledger_does_not_speak_of(day):
    found = compose_report(ledger_of(LEDGER), day)
    assert len(found.acts) == 4
    assert 4 < len(pypdf.PdfReader(io.BytesIO(report_pdf(found))).pages) < 20


def test_one_customer_and_the_ledger_as_it_was():
    ledger = ledger_of(LEDGER.replace("\nB ", "\nA ").replace("\nC ", "\nA "))
    before = ledger.items.copy()
    found = compose_report(ledger, DAY)
    assert any("one debtor" in text.lower() or "single" in text.lower() for text in found.sentences)
    pd.testing.assert_frame_equal(ledger.items, before)


# --- safety -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def of_hostile(hostile: Ledger) -> Report:
    return compose_report(hostile, DAY, client=NAMES[0], title=NAMES[1], author=NAMES[2])


def test_hostile_names_are_text_on_the_page(of_hostile):
    content = report_page(of_hostile)
    seen = Tags(content)
    assert not {"script", "img", "iframe", "object", "link", "foreignobject"} & seen.tags
    assert [name for name, _ in seen.attributes if name.startswith("on")] == []
    assert "Content-Security-Policy" in content
    assert NAMES[0] in "".join(seen.text)


def test_hostile_names_are_text_in_the_pdf(of_hostile):
    content = report_pdf(of_hostile)
    text = printed(content)
    assert "<script>alert(2)</script>" in text
    assert '#panic("x") $y$ @z \\ *b* _i_' in text
    assert "N" * 300 in text.replace(" ", "")
    assert b"/JavaScript" not in content
    assert b"/Launch" not in content
