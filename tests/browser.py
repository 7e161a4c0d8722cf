"""The browser that drives the app in tests: the system's own, else one installed for it.

`python tests/browser.py --install` says which one it is, and installs one where there is none.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

OVERRIDE = "ARLIB_BROWSER"

_COMMANDS = ("google-chrome-stable", "google-chrome", "chromium", "chromium-browser", "microsoft-edge", "msedge")
_MAC = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
)
_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")

# A browser asks its maker for updates, lists and translations of its own accord: the tests record requests.
_QUIET = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-sync",
    "--disable-features=Translate,OptimizationHints,MediaRouter",
    "--metrics-recording-only",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
    "--disable-dev-shm-usage",  # containers give shared memory of 64 MB
)


def find() -> Path | None:
    """The browser to drive: the one `ARLIB_BROWSER` names, else the system's, else Playwright's, else none."""
    named = os.environ.get(OVERRIDE)
    if named:
        return _first([named])
    return _first([*filter(None, map(shutil.which, _COMMANDS)), *_installed()]) or _first(_playwrights())


def launch_arguments() -> list[str]:
    """Command line of the browser: quiet, and without a sandbox only as root, whom Chromium refuses one."""
    return [*_QUIET, *(["--no-sandbox"] if _is_root() else [])]


def install() -> Path | None:
    """Finds a browser, or installs Debian's where that is allowed, or Playwright's own; `None` where all fail."""
    return find() or _install_debian() or _install_playwright()


def _first(paths: list[str]) -> Path | None:
    return next((Path(path) for path in paths if Path(path).is_file()), None)


def _installed() -> list[str]:
    if sys.platform == "darwin":
        return [*_MAC, *(str(Path.home()) + path for path in _MAC)]
    if sys.platform == "win32":
        roots = [os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")]
        return [str(Path(root) / path) for root in roots if root for path in _WINDOWS]
    return []


def _playwrights() -> list[str]:
    try:
        from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where no system browser was found
    except ImportError:
        return []
    with sync_playwright() as driver:
        return [driver.chromium.executable_path]


def _install_debian() -> Path | None:
    if not shutil.which("apt-get"):
        return None
    if _is_root():
        apt = ["apt-get"]
    elif (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        apt = ["sudo", "-n", "apt-get"]
    else:
        return None
    _say("No browser found: installing Debian's chromium…")
    update, add = [*apt, "-qq", "update"], [*apt, "-qq", "-y", "--no-install-recommends", "install"]
    if not (_run(update) and _run([*add, "chromium", "fonts-dejavu-core"])):
        return None
    return find()


def _install_playwright() -> Path | None:
    _say("Installing Playwright's own Chromium…")
    return find() if _run([sys.executable, "-m", "playwright", "install", "chromium"]) else None


def _run(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode == 0


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Says which browser the tests drive; with `--install`, installs one where there is none."""
    found = install() if "--install" in arguments else find()
    if found is None:
        _say(
            "No browser for the tests. Install Chrome, Chromium or Edge, or give the path of one in "
            f"{OVERRIDE}, then run make test again."
        )
        return 1
    _say(f"Browser of the tests: {found}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
