"""The package as somebody installs it: with its labels, its templates, its notebooks and its samples, and working."""

import http.client
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, start

# What is in the checkout and must be in the package: everything that git tracks of these folders.
CARRIED = {"notebooks": "arlib/apps/notebooks", "data_samples": "arlib/samples/files", "arlib": "arlib"}


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as wheel:
        wheel.extractall(folder / "site")
    return folder / "site"


def test_the_wheel_carries_everything(unpacked: Path) -> None:
    missing = [
        str(file.relative_to(ROOT))
        for here, there in CARRIED.items()
        for file in (ROOT / here).rglob("*")
        if file.is_file()
        and not {"__pycache__", ".ipynb_checkpoints"} & set(file.parts)
        and not (unpacked / there / file.relative_to(ROOT / here)).is_file()
    ]
    assert missing == []
    assert not (unpacked / "tests").exists()


def test_the_installed_app_serves_its_own_notebook(
    unpacked: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(unpacked))
    where = "import arlib.apps.server as server; print(server.notebooks())"
    found = subprocess.run([sys.executable, "-c", where], cwd=tmp_path, check=True, capture_output=True, text=True)
    assert Path(found.stdout.strip()) == unpacked / "arlib" / "apps" / "notebooks"
    running = start("app", tmp_path / "server.log", "--language", "en", folder=tmp_path)
    try:
        connection = http.client.HTTPConnection(urlsplit(running.address).netloc, timeout=60)
        connection.request("GET", "/")
        answer = connection.getresponse()
        page = answer.read().decode("utf-8")
    finally:
        running.stop()
    assert answer.status == 200
    assert '<html lang="en">' in page
    assert "There was an error when executing" not in page, running.log.read_text(encoding="utf-8")


def test_the_installed_command_checks_a_sample(unpacked: Path, tmp_path: Path) -> None:
    sample = unpacked / "arlib" / "samples" / "files" / "negoce.csv"
    environment = {**os.environ, "PYTHONPATH": str(unpacked)}
    command = [sys.executable, "-m", "arlib", "check", str(sample), "--language", "en"]
    run = subprocess.run(command, cwd=tmp_path, env=environment, check=False, capture_output=True, text=True)
    assert "It ties" in run.stdout, run.stdout + run.stderr
