"""Photographs of the main pages of a running demo, for docs/screens. Usage: python tools/screens.py [PORT]"""

import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESK = {
    "today": "/bureau/",
    "requests": "/bureau/demandes/",
    "people": "/bureau/personnes/",
    "contracts": "/bureau/contrats/",
    "hours": "/bureau/heures/",
    "results": "/bureau/resultats/",
}
MONEY = {
    "money": "/bureau/argent/",
    "payroll": "/bureau/argent/paies/",
    "invoices": "/bureau/argent/factures/",
    "bank": "/bureau/argent/banque/",
    "settings": "/bureau/reglages/",
}


def sign_in(page: Page, base: str, login: str) -> None:
    page.goto(f"{base}/bureau/entrer")
    page.fill("[name=login]", login)
    page.fill("[name=password]", "valmarelle-demo-2026")
    page.click("form button[type=submit], form button.btn")
    code = subprocess.run(
        [sys.executable, "-m", "config", "demo", "--code", login], capture_output=True, text=True, cwd=ROOT, check=True
    )
    page.fill("[name=code]", code.stdout.strip())
    page.click("form button[type=submit], form button.btn")
    page.wait_for_url(f"{base}/bureau/")


def shoot(page: Page, name: str, width: int, *, whole: bool = False) -> None:
    page.screenshot(path=SCREENS / f"{name}-{width}.png", full_page=whole)


def call(page: Page, base: str) -> None:
    page.goto(f"{base}/bureau/appel")
    page.fill("[role=combobox][name=who]", "marsan")
    page.wait_for_selector("[role=option][data-value]")
    page.keyboard.press("Enter")
    page.fill("[name=line]", "haie mardi matin 2h")
    page.wait_for_timeout(1200)


def main() -> None:
    base = f"http://localhost:{sys.argv[1] if len(sys.argv) > 1 else '8000'}"
    SCREENS.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        pages_ = [browser.new_context(locale="fr-FR", reduced_motion="reduce").new_page() for _ in range(3)]
        public, desk, money = pages_
        sign_in(desk, base, "solene")  # Once each: a code of the second factor opens once.
        sign_in(money, base, "helene")
        for width in (1280, 390):
            for page in pages_:
                page.set_viewport_size({"width": width, "height": 900})
            for name, path in (("home", "/"), ("public-results", "/resultats/"), ("enter", "/entrer")):
                public.goto(base + path)
                shoot(public, name, width, whole=name == "home")
            for page, pages in ((desk, DESK), (money, MONEY)):
                for name, path in pages.items():
                    page.goto(base + path)
                    shoot(page, f"desk-{name}", width)
            call(desk, base)
            shoot(desk, "desk-call", width)
        browser.close()


if __name__ == "__main__":
    main()
