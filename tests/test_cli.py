"""The `arlib` command: what it prints, in which language, and its exit codes.

The ledger of these tests, at 2024-03-31:

    customer  invoice  issued      due         amount    paid
    Dupont    F1       2024-01-10  2024-02-09  1,000.00  2024-02-20
    Dupont    F2       2024-02-05  2024-03-06    500.00
    Martin    F3       2024-03-01  2024-03-31    234.56

Owed: 500.00 + 234.56 = 734.56; on 2024-02-15, before Dupont paid: 1,000.00 + 500.00 = 1,500.00.
"""

import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from arlib import cli
from arlib.apps import server

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
    assert printed.count("734.56") == 4  # accounts, items, open items, buckets
    assert "It ties: every line is the same amount on 2024-03-31." in printed
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-02-15", "--language", "en"]) == cli.DONE
    assert capsys.readouterr().out.count("1,500.00") == 4


def test_check_speaks_french(ledger_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["check", str(ledger_file), "--as-of", "2024-02-15", "--language", "fr"]) == cli.DONE
    printed = capsys.readouterr().out
    assert "Tout concorde" in printed
    assert printed.count("1\u00a0500,00") == 4  # the narrow space of French thousands is one a console can write


def test_check_says_what_does_not_tie(
    ledger_file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = {"line": ["accounts", "items"], "amount": [100.0, 98.5], "difference": [0.0, -1.5], "ties": [True, False]}
    monkeypatch.setattr(cli, "proof", lambda *_: pd.DataFrame(lines))
    assert cli.main(["check", str(ledger_file), "--language", "en"]) == cli.DOES_NOT_TIE
    printed = capsys.readouterr().out
    assert "differs by -1.50" in printed
    assert "It does not tie" in printed


@pytest.mark.parametrize(("severity", "code"), [("error", cli.DOES_NOT_TIE), ("warning", cli.DONE)])
def test_check_fails_on_findings_that_are_errors(
    severity: str,
    code: int,
    ledger_file: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    found = pd.DataFrame({"check": ["far"] * 2, "severity": severity, "row": [7, 9], "meaning": "A year is mistyped."})
    monkeypatch.setattr(cli, "check", lambda *_, **__: found)
    assert cli.main(["check", str(ledger_file), "--language", "en"]) == code
    assert f"{severity.capitalize()}, 2 times (first at row 7): A year is mistyped." in capsys.readouterr().out


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
    assert printed.stdout.decode("cp1252").count("1\u00a0500,00") == 4


def test_app_prints_the_address_and_opens_it(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    served: dict[str, object] = {}

    def serve(notebook: Path, *, ready: object, **settings: object) -> None:
        served.update(settings, notebook=notebook)
        assert callable(ready)
        ready("http://127.0.0.1:1234/")

    monkeypatch.setattr(server, "serve", serve)
    assert cli.main(["app", "--language", "fr", "--port", "1234"]) == cli.DONE
    assert served == {"notebook": server.notebooks() / "apps", "port": 1234, "language": "fr"}
    assert "http://127.0.0.1:1234/" in capsys.readouterr().out
    assert cli.main(["app", "--no-browser"]) == cli.DONE
    assert opened in ([], ["http://127.0.0.1:1234/"])  # in a thread of its own; never the second time


def test_lab_opens_the_notebooks(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(server, "lab", lambda folder, **settings: asked.append((folder, settings)))
    assert cli.main(["lab", "--no-browser"]) == cli.DONE
    assert asked == [(server.notebooks(), {"port": None, "browser": False})]
