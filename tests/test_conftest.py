"""In CI no test is skipped in silence: the run fails, except where the folder of real data files is absent."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import NO_SHARED_DATA, ROOT

SKIPPED = "import pytest\n@pytest.mark.skip(reason={reason!r})\ndef test_one(): pass\ndef test_two(): pass\n"
MODULE_SKIPPED = "import pytest\npytest.skip({reason!r}, allow_module_level=True)\n"


@pytest.mark.parametrize(
    ("module", "ci", "reason", "code"),
    [
        (SKIPPED, "true", "not today", 1),
        (MODULE_SKIPPED, "true", "not today", 1),
        (SKIPPED, "true", f"{NO_SHARED_DATA}: ../shared/data", 0),
        (SKIPPED, "", "not today", 0),
    ],
)
def test_a_skip_fails_the_run_in_ci(module: str, ci: str, reason: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "test_it.py").write_text(module.format(reason=reason), encoding="utf-8")
    (tmp_path / "test_passes.py").write_text("def test_passes(): pass\n", encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "conftest", "-c", os.devnull, f"--rootdir={tmp_path}", "-q"]
    environment = {**os.environ, "CI": ci, "PYTHONPATH": os.pathsep.join([str(ROOT / "tests"), str(ROOT)])}
    run = subprocess.run(
        [*command, str(tmp_path)], env=environment, cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert run.returncode == code, run.stdout + run.stderr
    assert ("no test may be skipped" in run.stdout) is bool(code)
