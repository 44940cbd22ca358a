"""What a browser that knows nothing yet transfers for a page, and for the next one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]


@dataclass
class Transferred:
    """Bytes as they come over the wire, headers included, and how many answers; what the browser has kept is none."""

    bytes: int = 0
    answers: int = 0

    def finished(self, event: dict[str, Any]) -> None:
        self.bytes += int(event["encodedDataLength"])
        self.answers += event["encodedDataLength"] > 0


def visits(addresses: Sequence[str]) -> Iterator[Transferred]:
    """One after the other in an empty profile, each until the network is quiet."""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        for address in addresses:
            wire, counted = page.context.new_cdp_session(page), Transferred()
            wire.send("Network.enable")
            wire.on("Network.loadingFinished", counted.finished)
            page.goto(address, wait_until="networkidle")
            wire.detach()
            yield counted
        browser.close()
