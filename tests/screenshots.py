"""The pictures of the README: each page on the sample, as a visitor sees it.

`python tests/screenshots.py [NAME …]` serves the app, opens each page, waits until nothing is computed or drawn any
more, and writes `.github/screens/NAME.png`; without names, all of them.
"""

import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import browser as system_browser
from conftest import ROOT, Server, close_page, start
from playwright.sync_api import Browser, expect, sync_playwright
from seen import settled

from arlib.ledger import open_items
from arlib.samples import load_sample

LANGUAGE = "fr"
FOLDER = ROOT / ".github" / "screens"
WIDTH, PHONE = 1440, 390


@dataclass(frozen=True)
class Screen:
    """A page to take a picture of.

    Attributes:
        page: as the address has it.
        asked: what else the address says.
        width: of the window.
        height: of the picture; the page may go on below it.
        dark: whether the visitor prefers the dark.
    """

    page: str
    asked: tuple[tuple[str, str], ...] = ()
    width: int = WIDTH
    height: int = 1000
    dark: bool = False


def screens() -> dict[str, Screen]:
    """Every picture by its name."""
    ledger = load_sample("negoce")
    largest = str(open_items(ledger, ledger.day()).groupby("customer_id")["open_amount"].sum().idxmax())
    tried = (("days", "30"), ("reading", "net"), ("late", "0.3"), ("rate", "0.05"))
    return {
        "start": Screen("start"),
        "cockpit": Screen("cockpit", height=1300),
        "cockpit-dark": Screen("cockpit", height=1300, dark=True),
        "cockpit-phone": Screen("cockpit", width=PHONE, height=844),
        "customers": Screen("customers"),
        "customer": Screen("customers", (("customer", largest),), height=1300),
        "simulator": Screen("simulator", tried, height=1450),
        "forecast": Screen("forecast", height=1300),
        "collect": Screen("collect"),
        "audit": Screen("audit"),
    }


def take(opened: Browser, server: Server, screen: Screen, path: Path) -> None:
    """Writes the picture of one page, from its top."""
    context = opened.new_context(
        locale="fr-FR",
        viewport={"width": screen.width, "height": screen.height},
        color_scheme="dark" if screen.dark else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(f"{server.address}#/{screen.page}?{urlencode({'lang': LANGUAGE, **dict(screen.asked)})}")
    settled(page)
    expect(page.locator(".arlib-notice:visible")).to_have_count(0)  # a picture of an error is none of the page
    page.evaluate("document.fonts.ready")
    page.evaluate("window.scrollTo(0, 0)")
    page.screenshot(path=path, animations="disabled", caret="hide")
    close_page(page)
    context.close()


def main(names: list[str]) -> int:
    """Takes the pictures asked for; one where a name is unknown or there is no browser."""
    known, found = screens(), system_browser.find()
    unknown = [name for name in names if name not in known]
    if unknown or found is None:
        wrong = f"no such picture: {', '.join(unknown)} (known: {', '.join(known)})" if unknown else "no browser"
        sys.stderr.write(f"{wrong}\n")
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        server = start("app", Path(folder) / "server.log", "--language", LANGUAGE)
        opened = driver.chromium.launch(executable_path=found, args=system_browser.launch_arguments())
        try:
            for name in names or known:
                path = FOLDER / f"{name}.png"
                take(opened, server, known[name], path)
                sys.stdout.write(f"{path.relative_to(ROOT)}: {path.stat().st_size / 1024:.0f} KB\n")
        finally:
            opened.close()
            server.stop()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
