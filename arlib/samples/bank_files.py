"""The sample bank statement as files, its truth beside it, and the ledger as it was before it was booked."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd

from arlib.ledger import Day, Ledger, as_day
from arlib.readers import Receipts, read_receipts
from arlib.samples.bank_others import Line
from arlib.samples.bank_payments import FIRST_DAY
from arlib.samples.folder import load_sample, samples_folder
from arlib.schema import PAYMENT

BANK_SEED = 20251001
_HEADINGS = (
    "Date opération", "Date valeur", "Libellé", "Détail", "Donneur d'ordre", "IBAN donneur d'ordre", "Référence",
    "Débit", "Crédit", "Devise",
)  # fmt: skip
_TRUTH_HEADINGS = ("row", "kind", "written", "customer_id", "reference", "amount")


def load_sample_receipts(since: Day = FIRST_DAY) -> tuple[Ledger, Receipts]:
    """The négoce ledger as it was before the payments of the last quarter of 2025 were booked, and its statement.

    `negoce_bank_truth.csv` says which items each receipt settles. Matches that a clerk would learn only from these
    payments, of credits that they deduct, are not made yet either.
    """
    folder = samples_folder()
    unknown = pd.read_csv(folder / "negoce_bank_unknown.csv")
    pairs = set(zip(unknown["debit"], unknown["credit"], strict=True))
    return before_payments(load_sample("negoce"), since, pairs), read_receipts(folder / "negoce_bank.csv")


def before_payments(ledger: Ledger, since: Day, unknown: Iterable[tuple[str, str]] = ()) -> Ledger:
    """A ledger whose payments from a day on are not booked yet, while all else is, and whose proof ties still.

    Args:
        ledger: the ledger with its payments.
        since: the first day whose payments are not booked.
        unknown: references of a debit and a credit, whose match is learnt only with a payment that is not booked.
    """
    items, matches = ledger.items, ledger.matches
    gone = (items["kind"] == PAYMENT) & (items["booked_on"] >= as_day(since))
    names = items.set_index("item_id")["reference"]
    pairs = pd.MultiIndex.from_arrays([names.reindex(matches["debit_id"]), names.reindex(matches["credit_id"])])
    dropped = matches["credit_id"].isin(items.loc[gone, "item_id"]) | pairs.isin(list(unknown))
    removed = items.loc[gone, ["account", "booked_on", "amount"]]
    account = ledger.controls["account"].iloc[0] if len(ledger.controls) else pd.NA
    back = removed.assign(amount=-removed["amount"], account=removed["account"].fillna(account))
    controls = pd.concat([ledger.controls, back], ignore_index=True)
    totals: pd.DataFrame = controls.groupby(["account", "booked_on"], as_index=False, dropna=False)[["amount"]].sum()
    return replace(
        ledger,
        items=items[~gone].reset_index(drop=True),
        matches=matches[~dropped].reset_index(drop=True),
        controls=totals.sort_values(["booked_on", "account"], ignore_index=True),
    )


def write_statement(path: Path, lines: Sequence[Line]) -> None:
    """The statement as a bank's site exports it: semicolons, cp1252, CRLF, `1234,56`, `31/12/2025`."""
    with path.open("w", encoding="cp1252", newline="") as table:
        writer = csv.writer(table, delimiter=";", lineterminator="\r\n")
        writer.writerow(_HEADINGS)
        writer.writerows(_row(line) for line in lines)


def write_statement_truth(path: Path, lines: Sequence[Line]) -> None:
    """What each receipt truly is, one row a part it settles; one row without a reference where it settles none."""
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(_TRUTH_HEADINGS)
        for row, line in enumerate(lines, start=2):
            if line.kind == "debit":
                continue
            for part in line.parts:
                writer.writerow((row, line.kind, line.written, part.customer, part.reference, _plain(part.cents)))
            if not line.parts:
                writer.writerow((row, line.kind, line.written, "", "", ""))


def write_unknown(path: Path, pairs: Iterable[tuple[str, str]]) -> None:
    """Credits that only the payments of the quarter set against an invoice: `debit,credit`, by their references."""
    with path.open("w", encoding="utf-8", newline="") as table:
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(("debit", "credit"))
        writer.writerows(sorted(pairs))


def _row(line: Line) -> Sequence[str]:
    debit, credit = (_french(-line.cents), "") if line.cents < 0 else ("", _french(line.cents))
    return (
        _day(line.day), _day(line.value), line.label, line.text, line.payer, line.account, line.reference, debit,
        credit, line.currency,
    )  # fmt: skip


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def _plain(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def _french(cents: int) -> str:
    return _plain(cents).replace(".", ",")
