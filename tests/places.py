"""Every place of the app that a link leads to, and how the tests in a browser go there."""

import re
from collections.abc import Iterator

from playwright.sync_api import Page, expect
from seen import WITHIN, settled

_PARTS = {
    "collect": ("today", "calendar", "drafts", "receipts"),
    "audit": ("books", "findings", "law", "doubtful", "compared", "handover"),
}
_ASKED = {"simulator": {"more": "1"}}  # every lever there is
PAGES = ("start", "cockpit", "customers", "simulator", "forecast", *_PARTS)


def places(customer_id: str) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, page and what is asked of it: of every page, every part of one, and a customer's card."""
    for page in PAGES:
        for part in _PARTS.get(page, ()):
            yield f"{page}-{part}", page, {"part": part}
        if page not in _PARTS:
            yield page, page, _ASKED.get(page, {})
        if page == "customers":
            yield "customer", page, {"customer": customer_id}


def go(page: Page, to: str, **asked: str) -> None:
    """Goes to an address, as a link does, in the ledger that is open; waits until all of it is there.

    The address names no ledger: the kernel adds it once it has turned the page.
    """
    page.evaluate("([to, asked]) => { location.hash = `/${to}?${new URLSearchParams(asked)}`; }", [to, asked])
    expect(page).to_have_url(re.compile(f"#/{to}[?].*ledger="), timeout=2 * WITHIN)
    settled(page)
