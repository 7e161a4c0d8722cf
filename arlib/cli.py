"""The `arlib` command: open the app, open JupyterLab, check a file."""

import argparse
import locale
import os
import sys
import threading
import webbrowser
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import TextIO

import pandas as pd

from arlib.checks import check, proof
from arlib.errors import ArlibError
from arlib.ledger import Ledger
from arlib.readers import read_ledger
from arlib.readers.fec.accounts import RECEIVABLE
from arlib.words import LANGUAGES, Language, Sentence, number, say, word

DONE, DOES_NOT_TIE, UNREADABLE = 0, 1, 2

_PLAIN = str.maketrans({"\u202f": "\u00a0", "\u2212": "-"})  # what a Windows console can write, and a sheet can read


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code: 0 done or ties, 1 does not tie or has errors, 2 unreadable."""
    asked = _parser().parse_args(arguments)
    language: Language = asked.language or person_language()
    try:
        match asked.command:
            case "app":
                return _app(asked, language)
            case "lab":
                return _lab(asked)
            case _:
                return _check(asked, language)
    except ArlibError as error:
        _write(error.text(language), sys.stderr)
        return UNREADABLE


def person_language() -> Language:
    """French where the system is set to French, else English."""
    return "fr" if (locale.getlocale()[0] or "").lower().startswith("fr") else "en"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="arlib", description="A company's receivables in Jupyter.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    app = commands.add_parser("app", help="open the receivables page in the browser, or serve it to a company")
    _ask_how_to_serve(app)
    lab = commands.add_parser("lab", help="open JupyterLab on the notebooks")
    lab.add_argument("folder", nargs="?", type=Path, help="another folder; made with a copy of the notebooks if absent")
    for server in (app, lab):
        server.add_argument("--port", type=int, help="default: a usual one, else a free one")
        server.add_argument("--no-browser", action="store_true", help="only print the address")

    check = commands.add_parser("check", help="read a file, prove that it ties, and say what looks wrong")
    check.add_argument("file", nargs="+", help="a FEC, CSV, workbook or e-invoice, several, a folder or a zip")
    check.add_argument("--as-of", metavar="DATE", help="the day to prove, as 2024-12-31 (default: the ledger's last)")
    check.add_argument("--customers", metavar="FILE", help="one row a customer: terms, credit limit, segment…")
    check.add_argument(
        "--rates", metavar="FILE", help="exchange rates, needed for several currencies: date, currency, rate"
    )
    check.add_argument("--terms", metavar="TEXT", help='of invoices without a due date: "45 days" (default: 30 days)')
    check.add_argument("--currency", metavar="CODE", help="the currency to report in (default: the file's, else EUR)")
    check.add_argument(
        "--sheet", metavar="NAME", help="the sheet of a workbook (default: what looks most like a ledger)"
    )
    check.add_argument("--profile", metavar="NAME", help="how the list is read: sage, odoo… or a YAML file of your own")
    check.add_argument(
        "--accounts",
        metavar="LIST",
        default=",".join(RECEIVABLE),
        help="customer accounts of a FEC: 411,413,416 (default: 411)",
    )
    for command in (app, lab, check):
        command.add_argument("--language", choices=LANGUAGES, help="default: the system's")
    return parser


def _ask_how_to_serve(app: argparse.ArgumentParser) -> None:
    app.add_argument("notebook", nargs="?", type=Path, help="another notebook to serve, or the folder of the app's")
    whom = app.add_argument_group("to whom")
    whom.add_argument("--host", default="127.0.0.1", help="address listened to; 0.0.0.0 for all (default: 127.0.0.1)")
    whom.add_argument("--name", action="append", default=[], help="what else the server is called: ar.example.com")
    whom.add_argument("--base-path", default="/", metavar="PATH", help="where the page is: /ar/ (default: /)")
    whom.add_argument(
        "--token",
        default=os.environ.get("ARLIB_TOKEN", ""),
        help="what visitors must know (default: ARLIB_TOKEN; beyond 127.0.0.1 one is made)",
    )
    whom.add_argument(
        "--user-header", default="", metavar="NAME", help="header in which a proxy on this machine names the visitor"
    )
    limits = app.add_argument_group("limits")
    limits.add_argument("--visitors", type=int, default=20, metavar="N", help="visitors at once (default: 20)")
    limits.add_argument("--warm", type=int, default=1, metavar="N", help="pages that wait computed (default: 1)")
    limits.add_argument("--upload", type=int, default=200, metavar="MB", help="largest file taken (default: 200)")
    limits.add_argument("--memory", type=int, metavar="MB", help="of each visitor, on Linux (default: no limit)")
    limits.add_argument(
        "--idle", type=float, default=30, metavar="MINUTES", help="until a page that vanished ends (default: 30)"
    )
    app.add_argument("--log", type=Path, metavar="FILE", help="default: where it was started")


def _app(asked: argparse.Namespace, language: Language) -> int:
    from arlib.apps import server  # noqa: PLC0415 - `arlib check` does not wait for widgets

    names = (field.name for field in fields(server.Serving) if field.name not in {"notebook", "names", "language"})
    serving = server.Serving(
        notebook=asked.notebook or server.notebooks() / "apps",
        names=tuple(asked.name),
        language=language,
        **{name: getattr(asked, name) for name in names},
    )

    def ready(address: str) -> None:
        _write(word("cli.serving" if serving.only_here else "cli.serving_others", language, address=address))
        if not asked.no_browser:  # in a thread: a text browser would hold the server up
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    server.serve(serving, ready)
    return DONE


def _lab(asked: argparse.Namespace) -> int:
    from arlib.apps import server  # noqa: PLC0415 - `arlib check` does not wait for widgets

    server.lab(asked.folder or server.notebooks_to_edit(), port=asked.port, browser=not asked.no_browser)
    return DONE


def _check(asked: argparse.Namespace, language: Language) -> int:
    ledger = read_ledger(
        asked.file[0] if len(asked.file) == 1 else asked.file,
        profile=asked.profile,
        sheet=asked.sheet,
        terms=asked.terms,
        customers=asked.customers,
        rates=asked.rates,
        currency=asked.currency,
        accounts=asked.accounts.split(","),
    )
    day = ledger.day(asked.as_of)
    lines, findings = proof(ledger, day), check(ledger, day, language=language)
    ties = bool(lines["ties"].all())
    warnings = [warning.text(language) for warning in _warnings(ledger, day)]
    verdict = word("cli.ties" if ties else "cli.differs", language, day=day)
    shown = [_header(ledger, day, language), *warnings, *_proof_lines(lines, language), verdict]
    _write("\n".join([*shown, *_finding_lines(findings, language)]))
    return DONE if ties and not (findings["severity"] == "error").any() else DOES_NOT_TIE


def _warnings(ledger: Ledger, day: pd.Timestamp) -> list[Sentence]:
    """What a person should know before using the figures: of the day asked, and of how the files were read."""
    first, last = ledger.covers
    outside = [] if first <= day <= last else [say("cli.outside", day=day, first=first, last=last)]
    return [*outside, *(warning for source in ledger.sources for warning in source.warnings)]


def _header(ledger: Ledger, day: pd.Timestamp, language: Language) -> str:
    files = ", ".join(source.name for source in ledger.sources)
    items, customers = len(ledger.items), len(ledger.customers)
    currency = ledger.currency or word("cli.no_currency", language)
    return word("cli.read", language, files=files, items=items, customers=customers, currency=currency, day=day)


def _proof_lines(lines: pd.DataFrame, language: Language) -> list[str]:
    """How the balance came about, a rule, and each way of counting it."""
    names = [word(f"show.proof.{line}", language) for line in lines["line"]]
    amounts = [number(amount, language) for amount in lines["amount"]]
    left, right = max(map(len, names)), max(map(len, amounts))
    results = zip(lines["ties"].fillna(value=True), lines["difference"], strict=True)
    marks = ["" if ties else word("cli.difference", language, amount=difference) for ties, difference in results]
    rows = zip(names, amounts, marks, strict=True)
    written = [f"  {name:<{left}}  {amount:>{right}}  {mark}".rstrip() for name, amount, mark in rows]
    written.insert(int((lines["role"] == "part").sum()), "  " + "-" * (left + 2 + right))
    return written


def _finding_lines(findings: pd.DataFrame, language: Language) -> list[str]:
    """A line a check that found something, the gravest first: how often, where first, and what it means."""
    if findings.empty:
        return [word("cli.nothing_found", language)]
    files = findings["file"].nunique() > 1
    return [
        word(
            "cli.finding",
            language,
            severity=word(f"cli.{of_check['severity'].iloc[0]}", language),
            where=_where(of_check, language, files=files),
            meaning=of_check["meaning"].iloc[0],
        )
        for _, of_check in findings.groupby("check", sort=False)
    ]


def _where(of_check: pd.DataFrame, language: Language, *, files: bool) -> str:
    """How many findings, the money at stake where it is known, and their first row where they are about rows."""
    parts = [word("cli.found", language, rows=len(of_check))]
    amount = of_check["amount"].abs().sum(min_count=1)
    if pd.notna(amount):
        parts.append(word("cli.at_stake", language, amount=amount))
    rows = of_check.dropna(subset="row").sort_values(["file", "row"])
    if len(rows):
        key = "cli.first_row_of" if files else "cli.first_row"
        parts.append(word(key, language, row=rows["row"].iloc[0], file=rows["file"].iloc[0]))
    return ", ".join(parts)


def _write(text: str, stream: TextIO | None = None) -> None:
    stream = stream or sys.stdout
    encoding = stream.encoding or "utf-8"
    plain = text.translate(_PLAIN).encode(encoding, "replace").decode(encoding)
    stream.write(plain + "\n")
    stream.flush()
