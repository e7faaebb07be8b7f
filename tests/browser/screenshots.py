"""`make screenshots`: a picture of every page in Chinese and English, light, as a person sees it, into docs/screenshots.

    python tests/browser/screenshots.py [PAGE …] [--site URL] [--out FOLDER] [--dark] [--width 390]

Without --site it builds the shipped facts in a folder of its own and serves them. Names of pages are those of addresses.py.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph.settings import Settings  # noqa: E402
from tests.browser.addresses import PAGES, found, settled, spoken  # noqa: E402
from tests.browser.serving import CHROMIUM_ARGS, CHROMIUMS, serving  # noqa: E402
from tests.browser.small_png import small  # noqa: E402
from tests.shipped import founding_texts, ship  # noqa: E402

# Port and request numbers are others every time; the pictures are not to differ by them.
PLAIN = """() => document.querySelectorAll('code').forEach(x => {
    x.textContent = x.textContent.replace(location.host, '127.0.0.1:8000').replace(/^[0-9a-f]{12}$/, '0123456789ab') })"""
WIDTH, HEIGHT, MOST = 1280, 720, 1600  # of the window; a long page is cut at MOST, so that the folder stays small


@contextmanager
def served(site: str | None) -> Iterator[str]:
    if site:
        yield site
        return
    with tempfile.TemporaryDirectory(prefix="innochain-pictures-") as folder:
        shared = Path(os.environ.get("INNOCHAIN_SHARED") or ROOT.parent / "shared")
        workspace = ship(Path(folder), founding_texts(shared))
        with serving(Settings(workspace=workspace, store="embedded")) as address:
            yield address


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("pages", nargs="*", metavar="PAGE", help=f"one of {', '.join(PAGES)}; none = all")
    given.add_argument("--site")
    given.add_argument("--out", type=Path, default=ROOT / "docs" / "screenshots")
    given.add_argument("--dark", action="store_true")
    given.add_argument("--width", type=int, default=WIDTH)
    asked = given.parse_args()
    if unknown := set(asked.pages) - set(PAGES):
        given.error(f"no page is called {', '.join(sorted(unknown))}")
    chromium = next(filter(None, map(shutil.which, CHROMIUMS)), None) or given.error("no chromium on PATH (sh tests/browser/prepare.sh)")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))  # not a line for every request
    asked.out.mkdir(parents=True, exist_ok=True)
    with served(asked.site) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=CHROMIUM_ARGS)
        page = browser.new_page(base_url=site, color_scheme="dark" if asked.dark else "light", viewport={"width": asked.width, "height": HEIGHT})
        blank = browser.new_page()
        for name in asked.pages or PAGES:
            for lang in ("zh", "en"):
                page.goto(spoken(found(site, PAGES[name]), lang))
                settled(page)
                page.evaluate(PLAIN)
                high = page.evaluate("document.documentElement.scrollHeight")
                file = asked.out / f"{name}-{lang}.png"
                whole = {"x": 0, "y": 0, "width": asked.width, "height": min(MOST, max(HEIGHT, high))}
                file.write_bytes(small(blank, page.screenshot(full_page=True, clip=whole)))
                print(f"{file.name}  {file.stat().st_size // 1024} kB")
        browser.close()


if __name__ == "__main__":
    main()
