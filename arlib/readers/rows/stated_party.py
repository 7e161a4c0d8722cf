"""The customer a whole list is of, where only its title block names it: a customer's account, a statement."""

import re
from collections.abc import Iterator, Sequence

from arlib.readers.headings import meaning
from arlib.readers.rows.row_words import party_of, row_word, words_of

Party = tuple[str, str]  # account, name; either may be empty

_FIELDS = ("customer_id", "customer_name", "party")
_TO = {
    "to",
    "bill to",
    "statement for",
    "statement to",
    "account of",
    "releve de",
    "compte de",
    "an",
    "kontoauszug fur",
}
_SEVERAL = {"clients", "customers", "kunden", "debitoren", "clientes", "clienti", "debtors", "partners", "contacts"}
# "Nom" or "Contact" alone may be those of whoever printed the list.
_CUSTOMERS = re.compile(
    r"clien|custom|tiers|kund|debi?t|compte|account|part(?:y|ner)|cuenta|conto|auxil|to\b|statement|an\b"
)
# What stands beside "Client" in a report of many: a selection, not a customer.
_SELECTION = re.compile(r"(?:tou[st]e?s?|all|alle|todos|tutti|from|de|du|von|desde|dal|a|au|to)(?: .*)?")
_DATED = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


def stated_party(title: Sequence[Sequence[str]]) -> Party | None:
    """The account and the name of the one customer a title block announces; None where it announces none, or several.

    `Tiers | DUPO | Dupont SA`, `Client : C12 Dupont SA`, or `Customer no | C12` above `Name | Dupont SA`.
    """
    accounts: list[str] = []
    names: list[str] = []
    sure = False
    for label, field, values in _announced(title):
        sure |= _CUSTOMERS.search(words_of(label)) is not None
        account, name = _account_and_name(field, values)
        accounts += [account] if account else []
        names += [name] if name else []
    if not sure or not (accounts or names) or len(set(accounts)) > 1 or len(set(names)) > 1:
        return None
    return (accounts or [""])[0], (names or [""])[0]


def announces(row: Sequence[str]) -> bool:
    """Whether a row says by a word that it names a customer: `Client | DUPO`, `Compte 411DUP - DUPONT SA`."""
    return any(_announced([row])) or party_of(" ".join(row))[2]


def _announced(title: Sequence[Sequence[str]]) -> Iterator[tuple[str, str, list[str]]]:
    """Each announcement of a customer: its label, what that means, and the texts that follow it."""
    for place, row in enumerate(title):
        cells = [part.strip() for cell in row for part in cell.split(":", 1) if part.strip()]
        field = _field(cells[0]) if cells else ""
        values = cells[1:3]
        if field == "to" and not values and place + 1 < len(title):  # the address below "Bill to"
            values = list(title[place + 1][:1])
        if field and values and not _names_nobody(values):
            yield cells[0], field, values


def _field(label: str) -> str:
    said = words_of(label)
    if said in _TO:
        return "to"
    found = None if said in _SEVERAL else meaning(label)
    return found[1] if found and found[1] in _FIELDS else ""


def _names_nobody(values: Sequence[str]) -> bool:
    first = values[0]
    return bool(_SELECTION.fullmatch(words_of(first)) or _DATED.search(first) or row_word(first) or not words_of(first))


def _account_and_name(field: str, values: Sequence[str]) -> Party:
    if len(values) > 1 and " " not in values[0] and not _DATED.search(values[1]):
        return values[0], values[1]
    account, name, _ = party_of(values[0])
    if account:
        return account, name
    coded = " " not in values[0] and any(map(str.isdigit, values[0]))
    return (values[0], "") if coded or field == "customer_id" else ("", values[0])
