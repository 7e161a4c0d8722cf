"""CAMT.052, .053 and .054 (ISO 20022), any version: accounts, balances, entries and their transactions."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.etree.ElementTree import Element

import numpy as np

from arlib.errors import ArlibError, Place, Problem
from arlib.ledger import Source
from arlib.readers.bank.extract import (
    Extract,
    Movement,
    Statement,
    account_of,
    day_of,
    joined,
    movements_frame,
    plain_amount,
    reference_of,
    statements_frame,
)
from arlib.readers.sources import RawSource, refuse
from arlib.readers.sources.xml import local, parse_xml
from arlib.schema import HALF_CENT
from arlib.words import Sentence, say

_MESSAGES = {
    "BkToCstmrAcctRpt": ("Rpt", "camt.052"),
    "BkToCstmrStmt": ("Stmt", "camt.053"),
    "BkToCstmrDbtCdtNtfctn": ("Ntfctn", "camt.054"),
}
_OPENINGS, _CLOSINGS, _INTERIM = ("OPBD", "PRCD"), ("CLBD",), "ITBD"
_RETURNS = {"UPDD", "PRDD", "RRTN", "UPCQ", "CQRV"}  # ISO sub-families: unpaid, reversed or returned
_LINE = 140  # characters of one occurrence of unstructured remittance
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[TZ+-].*)?", re.ASCII)


def is_camt(head: str) -> bool:
    """Whether the beginning of a text is that of a statement, a report or a notification of a bank."""
    return re.search(r"<(?:\w+:)?BkToCstmr(?:AcctRpt|Stmt|DbtCdtNtfctn)\b", head) is not None


def read_camt(raw: RawSource, content: bytes) -> Extract:
    """Every statement of a document; an entry of several transactions is one movement a transaction.

    Raises:
        ArlibError: the document is damaged or declares a DOCTYPE; entries without a date or an amount, all of them.
    """
    root = parse_xml(raw.name, content)
    for element in root.iter():
        element.tag = local(element)
    messages = [element for element in root.iter() if element.tag in _MESSAGES]
    if not messages:
        raise refuse(raw.name, "bank.not_a_statement")
    reading = _CamtReading(raw.name)
    for message in messages:
        for statement in message.findall(_MESSAGES[message.tag][0]):
            reading.add(statement)
    if reading.problems:
        raise ArlibError(problems=reading.problems)
    kinds = dict.fromkeys(_MESSAGES[message.tag][1] for message in messages)
    source = Source(raw.name, raw.sha256, ", ".join(kinds), reading.notes(), tuple(reading.warnings))
    return Extract(source, statements_frame(reading.statements), movements_frame(reading.movements))


@dataclass
class _CamtReading:
    """What has been read of a document so far; entries are numbered as they stand in it."""

    name: str
    statements: list[Statement] = field(default_factory=list)
    movements: list[Movement] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Sentence] = field(default_factory=list)
    batches: Counter[str] = field(default_factory=Counter)
    entries: int = 0

    def add(self, element: Element) -> None:
        """One statement with its entries."""
        place = len(self.statements)
        statement, foreign = _statement(element)
        self.statements.append(statement)
        if foreign:
            self.warnings.append(say("bank.balance_currency", statement=statement.number or "–", currency=foreign))
        for entry in element.findall("Ntry"):
            self.entries += 1
            currency = _currency(entry.find("Amt")) or statement.currency
            if currency != statement.currency:
                self._refuse(say("bank.entry_currency", entry=self.entries, currency=currency or "–"))
                continue
            self._add_entry(place, entry, currency)

    def _add_entry(self, place: int, entry: Element, currency: str | None) -> None:
        """One entry: a movement, or one for each of its transactions."""
        amount = _signed(entry, plain_amount(_text(entry, "Amt")))
        booked_on = _day(entry, "BookgDt") or _day(entry, "ValDt")
        if amount is None:
            self._refuse(say("bank.entry_amount", entry=self.entries, value=_text(entry, "Amt") or ""))
        elif booked_on is None:
            value = _text(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm") or ""
            self._refuse(say("bank.entry_date", entry=self.entries, value=value))
        else:
            whole = Movement(
                statement=place,
                row=self.entries,
                received_on=booked_on,
                value_on=_day(entry, "ValDt"),
                amount=amount,
                reversal=False,
                booked=(_text(entry, "Sts/Cd", "Sts") or "BOOK") == "BOOK",
            )
            self.movements += self._transactions(entry, whole, currency)

    def _transactions(self, entry: Element, whole: Movement, currency: str | None) -> Iterator[Movement]:
        """One movement a transaction where their amounts add up to the entry, else one for the entry."""
        details = [detail for part in entry.findall("NtryDtls") for detail in part.findall("TxDtls")]
        if len(details) <= 1:
            batch = _text(entry, "NtryDtls/Btch/NbOfTxs")
            self.batches["undetailed"] += batch is not None and batch not in ("0", "1")
            yield _detailed(whole, entry, details[0] if details else None)
            return
        amounts = [_signed(detail, _transaction_amount(detail, currency), entry) for detail in details]
        known = [amount for amount in amounts if amount is not None]
        if len(known) == len(details) and abs(sum(known) - whole.amount) < HALF_CENT:
            self.batches["split"] += 1
            for detail, amount in zip(details, known, strict=True):
                yield _detailed(whole._replace(amount=amount), entry, detail)
            return
        if len(known) == len(details):
            values = {"entry": self.entries, "amount": whole.amount, "details": sum(known)}
            self.warnings.append(say("bank.batch_differs", **values))
        else:
            self.batches["undetailed"] += 1
        wordings = dict.fromkeys(_remittance(detail) for detail in details)
        text = " ".join(wording for wording in wordings if wording) or _text(entry, "AddtlNtryInf")
        yield _detailed(whole, entry, None)._replace(remittance=text)

    def _refuse(self, what: Sentence) -> None:
        self.problems.append(Problem(Place(self.name), what))

    def notes(self) -> tuple[Sentence, ...]:
        """What was done with entries of several transactions."""
        return tuple(say(f"bank.{done}", rows=rows) for done, rows in self.batches.items() if rows)


def _statement(element: Element) -> tuple[Statement, str | None]:
    """A statement, and the currency of a balance that is not the account's."""
    balances = [(_text(each, "Tp/CdOrPrtry/Cd"), each) for each in element.findall("Bal")]
    opening = next((each for code in _OPENINGS for found, each in balances if found == code), None)
    closing = next((each for code in _CLOSINGS for found, each in balances if found == code), None)
    interim = [each for found, each in balances if found == _INTERIM]
    opening = interim.pop(0) if opening is None and interim else opening
    closing = interim[-1] if closing is None and interim else closing
    given = [each for each in (opening, closing) if each is not None]
    priced = (_currency(each.find("Amt")) for each in (*given, *element.findall("Ntry")))
    currency = _text(element, "Acct/Ccy") or next((found for found in priced if found is not None), None)
    foreign = next((found for each in given if (found := _currency(each.find("Amt"))) not in (None, currency)), None)
    statement = Statement(
        number=_text(element, "Id", "ElctrncSeqNb", "LglSeqNb"),
        bank_account=account_of(_text(element, "Acct/Id/IBAN", "Acct/Id/Othr/Id")),
        currency=currency,
        opened_on=_day(opening, "Dt"),
        opening=_balance(opening, currency),
        closed_on=_day(closing, "Dt") or _day(element, "FrToDt/ToDtTm"),
        closing=_balance(closing, currency),
    )
    return statement, foreign


def _balance(balance: Element | None, currency: str | None) -> float:
    if balance is None or _currency(balance.find("Amt")) not in (None, currency):
        return np.nan
    amount = _signed(balance, plain_amount(_text(balance, "Amt")))
    return np.nan if amount is None else amount


def _detailed(movement: Movement, entry: Element, detail: Element | None) -> Movement:
    """A movement with what its transaction says of payer, wording and reference."""
    sub_family = _text(entry, "BkTxCd/Domn/Fmly/SubFmlyCd") or _text(detail, "BkTxCd/Domn/Fmly/SubFmlyCd")
    reversed_ = _text(entry, "RvslInd") in ("true", "1") or _at(detail, "RtrInf") is not None or sub_family in _RETURNS
    code = "-".join(
        part for path in ("Cd", "Fmly/Cd", "Fmly/SubFmlyCd") if (part := _text(entry, f"BkTxCd/Domn/{path}"))
    )
    return movement._replace(
        reversal=reversed_,
        payer=_text(detail, "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm", "RltdPties/UltmtDbtr/Nm"),
        payer_account=account_of(_text(detail, "RltdPties/DbtrAcct/Id/IBAN", "RltdPties/DbtrAcct/Id/Othr/Id")),
        remittance=_remittance(detail) or _text(entry, "AddtlNtryInf"),
        reference=reference_of(_text(detail, "Refs/EndToEndId"))
        or reference_of(_text(detail, "RmtInf/Strd/CdtrRefInf/Ref")),
        transaction_code=code or _text(entry, "BkTxCd/Prtry/Cd"),
    )


def _remittance(detail: Element | None) -> str | None:
    """All a transaction says of what it pays: free text, then creditor references and document numbers."""
    remittance = _at(detail, "RmtInf")
    if remittance is None:
        return _text(detail, "AddtlTxInf")
    free = joined([each.text or "" for each in remittance.findall("Ustrd")], _LINE)
    paths = ("CdtrRefInf/Ref", "RfrdDocInf/Nb", "AddtlRmtInf")
    structured = [_text(each, path) for each in remittance.findall("Strd") for path in paths]
    return " ".join(text for text in (free, *structured) if text) or _text(detail, "AddtlTxInf")


def _transaction_amount(detail: Element, currency: str | None) -> float | None:
    """The amount of a transaction in the currency of its entry."""
    for path in ("Amt", "AmtDtls/TxAmt/Amt", "AmtDtls/InstdAmt/Amt"):
        found = _at(detail, path)
        if found is not None and _currency(found) in (None, currency):
            return plain_amount(found.text)
    return None


def _signed(element: Element, amount: float | None, default: Element | None = None) -> float | None:
    """What an amount does to the account: credits are positive."""
    mark = _text(element, "CdtDbtInd") or _text(default, "CdtDbtInd")
    if amount is None or mark not in ("CRDT", "DBIT"):
        return None
    return amount if mark == "CRDT" else -amount


def _currency(amount: Element | None) -> str | None:
    return None if amount is None else amount.get("Ccy")


def _day(element: Element | None, path: str) -> date | None:
    found = _DAY.fullmatch(_text(element, f"{path}/Dt", f"{path}/DtTm", path) or "")
    return None if found is None else day_of(*map(int, found.groups()))


def _text(element: Element | None, *paths: str) -> str | None:
    """The text at the first of these paths that has one, on one line."""
    for path in paths:
        found = _at(element, path)
        if found is not None and found.text and (text := " ".join(found.text.split())):
            return text
    return None


def _at(element: Element | None, path: str) -> Element | None:
    for tag in path.split("/"):
        if element is None:
            return None
        element = element.find(tag)
    return element
