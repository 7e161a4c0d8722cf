"""The `arlib` command: what it prints, in which language, and its exit codes.

The ledger of these tests, at 2024-03-31:

    customer  invoice  issued      due         amount    paid
    Dupont    F1       2024-01-10  2024-02-09  1,000.00  2024-02-20
    Dupont    F2       2024-02-05  2024-03-06    500.00
    Martin    F3       2024-03-01  2024-03-31    234.56

Owed: 500.00 + 234.56 = 734.56; on 2024-02-15, before Dupont paid: 1,000.00 + 500.00 = 1,500.00.
"""

import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from arlib import cli
from arlib.apps import server
from arlib.ledger import Ledger

LEDGER = """Client;Facture;Date facture;Date échéance;Montant TTC;Date paiement
Dupont;F1;10/01/2024;09/02/2024;1000,00;20/02/2024
Dupont;F2;05/02/2024;06/03/2024;500,00;
Martin;F3;01/03/2024;31/03/2024;234,56;
"""


@pytest.fixture
def ledger_file(tmp_path: Path) -> Path:
    file = tmp_path / "ventes.csv"
    file.write_text(LEDGER, encoding="utf-8")
    return file


def test_check_proves_the_day_asked(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-03-31", "--language", "en"]) == cli.DONE
    printed = capsys.readouterr().out
    assert printed.count("  734.56") == 5
    assert re.search(r"^  payments +-1,000\.00$", printed, re.MULTILINE)  # 1,734.56 billed, 1,000.00 of it collected
    for line in ("accounts", "movements", "open items", "age buckets"):
        assert re.search(rf"^  {line} +734\.56$", printed, re.MULTILINE), line
    assert "It ties: every total is the same amount on 2024-03-31." in printed
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-02-15", "--language", "en"]) == cli.DONE
    assert capsys.readouterr().out.count("1,500.00") == 6  # billed, and five totals: nothing was collected yet


def test_check_speaks_french(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-02-15", "--language", "fr"]) == cli.DONE
    printed = capsys.readouterr().out
    assert "Tout concorde" in printed
    for line in ("comptes", "mouvements", "pièces ouvertes", "tranches d'âge"):
        # the narrow space of French thousands is one a console can write
        assert re.search(rf"^  {line} +1\u00a0500,00$", printed, re.MULTILINE), line


def test_check_says_what_does_not_tie(
    ledger_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {
        "line": ["billed", "items", "accounts"],
        "role": ["part", "total", "total"],
        "amount": [98.5, 98.5, 100.0],
        "difference": [float("nan"), -1.5, 0.0],
        "ties": pd.array([pd.NA, False, True], dtype="boolean"),
    }
    monkeypatch.setattr(cli, "proof", lambda *_: pd.DataFrame(lines))
    assert cli.main(["check", str(ledger_file), "--language", "en"]) == cli.DOES_NOT_TIE
    printed = capsys.readouterr().out
    assert "differs by -1.50" in printed
    assert "It does not tie" in printed


def test_check_fails_on_findings_that_are_errors(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """2104 for 2024, twice: an error. The larger amount comes first in the findings, the first row is the smaller's."""
    typing_errors = "Martin;F4;01/03/2104;31/03/2104;10,00;\nMartin;F5;01/03/2104;31/03/2104;900,00;\n"
    ledger_file.write_text(LEDGER + typing_errors, encoding="utf-8")
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-03-31", "--language", "en"]) == cli.DOES_NOT_TIE
    printed = capsys.readouterr().out
    assert "It ties" in printed
    assert "Error (2 found, 910.00 at stake, the first at row 5): " in printed


def test_check_names_the_file_of_a_row_where_there_are_several(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The invoice of 2104 is on row 3 of the second file; that of the first file is sound."""
    first, second = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text("Client;Facture;Date;Échéance;Montant TTC\nA;F1;10/01/2024;;5,00\n", encoding="utf-8")
    second.write_text(
        "Client;Facture;Date;Échéance;Montant TTC\nB;F2;10/01/2024;;6,00\nB;F3;10/01/2104;09/02/2104;7,00\n",
        encoding="utf-8",
    )
    assert cli.main(["check", str(first), str(second), "--language", "en"]) == cli.DOES_NOT_TIE
    assert "Error (1 found, 7.00 at stake, the first at row 3 of b.csv): " in capsys.readouterr().out


def test_check_passes_with_findings_that_are_not_errors(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ledger_file.write_text(LEDGER + "Martin;F3;01/03/2024;31/03/2024;234,56;\n", encoding="utf-8")
    assert cli.main(["check", str(ledger_file), "--language", "fr"]) == cli.DONE
    assert "Avertissement (1 constat, 234,56 en jeu, le premier en ligne 5)\u00a0: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("day", "english", "french"),
    [
        ("2023-12-31", "2023-12-31 is outside the days", "Le 31/12/2023 est hors des jours"),
        ("2030-01-01", "2030-01-01 is outside the days", "Le 01/01/2030 est hors des jours"),
        ("2024-02-15", None, None),
    ],
)
def test_a_day_the_ledger_does_not_speak_for_is_said(
    day: str, english: str | None, french: str | None, ledger_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    outside = {"en": "is outside the days", "fr": "est hors des jours"}
    for language, expected in {"en": english, "fr": french}.items():
        assert cli.main(["check", str(ledger_file), "--as-of", day, "--language", language]) == cli.DONE
        printed = capsys.readouterr().out
        assert (outside[language] in printed) is (expected is not None)
        assert expected is None or expected in printed


def test_check_takes_what_stands_beside_the_ledger(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """1,000.00 EUR and 100.00 USD at 0.90: 1,090.00 EUR. Refused without the rates, which the sentence asks for."""
    ledger_file, rates = tmp_path / "export.csv", tmp_path / "rates.csv"
    ledger_file.write_text(
        "Customer;Invoice;Date;Amount;Currency\nA;F1;2024-01-10;1000.00;EUR\nB;F2;2024-01-10;100.00;USD\n",
        encoding="utf-8",
    )
    rates.write_text("date,currency,rate\n2024-01-01,USD,0.90\n", encoding="utf-8")
    asked = ["check", str(ledger_file), "--as-of", "2024-01-10", "--language", "en"]
    assert cli.main(asked) == cli.UNREADABLE
    assert "give a table of rates" in capsys.readouterr().err
    assert cli.main([*asked, "--rates", str(rates)]) == cli.DONE
    printed = capsys.readouterr().out
    assert len(re.findall(r"^  .* 1,090\.00$", printed, re.MULTILINE)) == 6  # billed, and five totals
    assert "currency: EUR" in printed


def test_check_passes_every_option_on(
    ledger_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: dict[str, object] = {}
    read = cli.read_ledger

    def read_ledger(source: str, **options: object) -> Ledger:
        asked.update(options)
        return read(source)

    monkeypatch.setattr(cli, "read_ledger", read_ledger)
    given = {
        "customers": "clients.csv",
        "rates": "rates.csv",
        "terms": "45 jours",
        "currency": "EUR",
        "sheet": "Feuil1",
        "profile": "sage",
        "accounts": "411,413",
    }
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    assert cli.main(["check", str(ledger_file), *options]) == cli.DONE
    assert asked == {**given, "accounts": ["411", "413"]}
    assert capsys.readouterr().err == ""


def test_unreadable_files_are_said_on_the_error_stream(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    picture = tmp_path / "scan.xlsx"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    for file in (picture, tmp_path / "absent.csv"):
        assert cli.main(["check", str(file)]) == cli.UNREADABLE
        printed = capsys.readouterr()
        assert printed.out == ""
        assert file.name in printed.err


def test_a_day_that_is_none_is_said(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ledger_file), "--as-of", "31/02/2024"]) == cli.UNREADABLE
    assert "31/02/2024" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("system", "language"),
    [("fr_FR", "fr"), ("fr_CA", "fr"), ("French_France", "fr"), ("en_GB", "en"), ("de_DE", "en"), (None, "en")],
)
def test_the_language_is_the_systems(system: str | None, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("locale.getlocale", lambda: (system, "UTF-8"))
    assert cli.person_language() == language


def test_a_console_without_unicode_still_gets_the_figures(ledger_file: Path) -> None:
    command = [sys.executable, "-m", "arlib", "check", str(ledger_file), "--as-of", "2024-02-15", "--language", "fr"]
    printed = subprocess.run(
        command, capture_output=True, check=True, env={"PYTHONIOENCODING": "cp1252"}, cwd=Path(__file__).parents[1]
    )
    assert printed.stdout.decode("cp1252").count("1\u00a0500,00") == 6


class AtOnce:
    """A thread that does its work when it is started, and not later."""

    def __init__(self, *, target: Callable[..., object], args: tuple[object, ...], daemon: bool) -> None:
        assert daemon, "a browser that hangs would keep the command from ending"
        self.start = partial(target, *args)


def test_app_prints_the_address_and_opens_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr(cli.threading, "Thread", AtOnce)
    served: list[server.Serving] = []

    def serve(serving: server.Serving, ready: Callable[[str], None]) -> None:
        served.append(serving)
        ready("http://127.0.0.1:1234/")

    monkeypatch.setattr(server, "serve", serve)
    assert cli.main(["app", "--language", "fr", "--port", "1234"]) == cli.DONE
    assert served == [server.Serving(server.notebooks() / "apps", port=1234, language="fr")]
    assert "http://127.0.0.1:1234/" in capsys.readouterr().out
    assert opened == ["http://127.0.0.1:1234/"]
    assert cli.main(["app", "--no-browser"]) == cli.DONE
    assert opened == ["http://127.0.0.1:1234/"]


def test_app_passes_every_option_on(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[server.Serving] = []
    monkeypatch.setattr(server, "serve", lambda serving, _: served.append(serving))
    monkeypatch.setenv("ARLIB_TOKEN", "of-the-environment")
    asked = {
        "host": "192.168.1.5",
        "port": 1234,
        "base_path": "/ar/",
        "token": "a-token-that-nobody-guesses",
        "user_header": "X-Remote-User",
        "visitors": 7,
        "warm": 2,
        "upload": 50,
        "memory": 900,
        "idle": 1.5,
        "log": Path("arlib.log"),
    }
    options = [part for name, value in asked.items() for part in (f"--{name.replace('_', '-')}", str(value))]
    names = ["--name", "ar.example.com", "--name", "ar"]
    assert cli.main(["app", "page.ipynb", "--language", "en", *options, *names]) == cli.DONE
    expected = server.Serving(Path("page.ipynb"), names=("ar.example.com", "ar"), language="en", **asked)
    assert {field.name for field in fields(expected)} == {*asked, "notebook", "names", "language"}
    assert served == [expected]
    assert cli.main(["app", "--language", "en"]) == cli.DONE
    assert served[1].token == "of-the-environment"  # noqa: S105 - set above


def test_lab_opens_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(server, "lab", lambda folder, **settings: asked.append((folder, settings)))
    assert cli.main(["lab", "--no-browser"]) == cli.DONE
    assert asked == [(server.notebooks(), {"port": None, "browser": False})]
