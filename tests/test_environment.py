"""One source of dependencies, pins without addresses, and a top level that holds only what it should."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).parents[1]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA_NAMES: dict[str, str] = {}  # of the packages that conda-forge names differently

TOP_LEVEL = {
    *("notebooks", "arlib", "data_samples", "tests", "benchmarks", "docs", ".ci", ".github"),
    *("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE"),
    *("pyproject.toml", "environment.yml", "constraints.txt", "Makefile", ".pre-commit-config.yaml"),
    *(".gitignore", ".gitattributes"),
}


def requirements(lines: list[str]) -> dict[str, str]:
    parsed = [Requirement(line) for line in lines]
    return {canonicalize_name(each.name): str(each.specifier) for each in parsed}


def pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==") for line in lines)


def dependencies() -> dict[str, str]:
    return requirements(PROJECT["dependencies"])


def development() -> dict[str, str]:
    return requirements(PROJECT["optional-dependencies"]["dev"])


def larger_model() -> dict[str, str]:
    return requirements(PROJECT["optional-dependencies"]["ml"])


def test_conda_environment_repeats_the_project() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    listed = requirements([line for line in environment["dependencies"] if isinstance(line, str)])
    expected = {CONDA_NAMES.get(name, name): bound for name, bound in dependencies().items()}
    assert listed == expected | {"python": PROJECT["requires-python"], "pip": ""}
    assert [line for line in environment["dependencies"] if isinstance(line, dict)] == [{"pip": ["-e ."]}]
    assert environment["channels"] == ["conda-forge"]


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*==[0-9][0-9a-z.]*", line)]
    assert wrong == []
    assert len({line.split("==")[0] for line in lines}) == len(lines)


@pytest.mark.parametrize("name", sorted(dependencies() | development()))
def test_every_dependency_is_pinned_within_its_bounds(name: str) -> None:
    bound = (dependencies() | development())[name]
    assert Version(pins()[name]) in Requirement(f"{name}{bound}").specifier


def imported(*folders: str) -> set[str]:
    """The packages that the code of these folders imports, wherever in it, and that come from somebody else."""
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    found: set[str] = set()
    for node in (node for file in files for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            found |= {name.name.partition(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
            found.add(node.module.partition(".")[0])
    beside = {file.stem for file in files if not (file.parent / "__init__.py").exists()}
    return found - sys.stdlib_module_names - beside - {"arlib"}


def distributions(modules: set[str]) -> set[str]:
    """The projects that brought these modules to this machine."""
    provided = packages_distributions()
    return {canonicalize_name(provided[module][0]) for module in modules}


def test_what_arlib_imports_is_declared() -> None:
    modules = imported("arlib")
    assert {"pandas", "tornado"} <= modules
    assert distributions(modules) - (dependencies() | larger_model()).keys() == set()


def test_the_larger_model_is_tried_by_the_tests() -> None:
    assert larger_model().items() <= development().items()


def test_what_the_tests_import_is_declared() -> None:
    modules = imported("tests", "benchmarks")
    assert {"pytest", "yaml"} <= modules
    assert distributions(modules) - (dependencies() | development()).keys() == set()


def test_nothing_else_stands_at_the_top_level() -> None:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)
    if listing.returncode == 0 and listing.stdout:
        found = {path.split("/")[0] for path in listing.stdout.splitlines()}
    else:  # an unpacked archive, without its history
        ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
        found = {path.name for path in ROOT.iterdir() if not any(path.match(line.rstrip("/")) for line in ignored)}
    assert found - TOP_LEVEL == set()


def test_python_versions_agree() -> None:
    """The classifiers, the workflow, the Makefile and `requires-python` name the same versions."""
    named = [line.rsplit(" ", 1)[1] for line in PROJECT["classifiers"] if re.search(r"Python :: 3\.\d", line)]
    workflow = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["python"] == named
    assert PROJECT["requires-python"] == f">={named[0]}"
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert [version for version in reversed(named) if f"python{version} " in makefile] == named[::-1]
