"""A served workspace and a page that fails its test on any trouble of the console and on any request that leaves this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from graph.settings import Settings
from graph.snapshot import open_current
from graph.store.open import open_store
from tests.browser.desk_world import TRIED, plant_desk
from tests.browser.explore_world import Ids, plant
from tests.browser.serving import serving
from tests.contract.world import ENGINES, World, empty, quiet, settings_for
from tests.shipped import Once, founding_texts, ship


@contextmanager
def watched(browser: Browser, site: str, allow: str = "", **options: object) -> Iterator[tuple[BrowserContext, Page]]:
    """A page of a fresh context; console messages that hold `allow` are expected."""
    context = browser.new_context(base_url=site, **options)  # type: ignore[arg-type]
    made = context.new_page()
    troubles: list[str] = []
    made.on("console", lambda m: troubles.append(f"{m.type}: {m.text}") if m.type in ("error", "warning") else None)
    made.on("pageerror", lambda e: troubles.append(str(e)))
    made.on("dialog", lambda d: (troubles.append(f"dialog: {d.message}"), d.dismiss()))
    made.on("request", lambda r: None if urlsplit(r.url).hostname in ("127.0.0.1", None) else troubles.append(f"left: {r.url}"))
    yield context, made
    context.close()
    assert [x for x in troubles if not allow or allow not in x] == []


@contextmanager
def served_from(workspace: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a built workspace, published to the engine that `request.param` names."""
    settings = settings_for(request.param, workspace, request)
    if request.param == "neo4j":
        empty(request.getfixturevalue("neo4j_url"))
    with closing(open_store(settings)) as store:
        store.apply(open_current(workspace), quiet)
    with serving(settings) as address:
        yield address


@pytest.fixture(scope="session")
def workspace(once: Once, shared: Path) -> Path:
    """Every shipped fact, and the founding document's text."""
    return once("walk", lambda folder: ship(folder, founding_texts(shared)))


@pytest.fixture(scope="module", params=ENGINES)
def shipped_everywhere(request: pytest.FixtureRequest, workspace: Path) -> Iterator[str]:
    """Every shipped fact, served from each store."""
    with served_from(workspace, request) as address:
        yield address


@pytest.fixture(scope="session")
def site(workspace: Path) -> Iterator[str]:
    with serving(Settings(workspace=workspace, store="embedded")) as address:
        yield address


@pytest.fixture(scope="session")
def browser(chromium: str, chromium_args: list[str]) -> Iterator[Browser]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=chromium, args=chromium_args)
        yield opened
        opened.close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    with watched(browser, site) as (_, made):
        yield made


# ---- the explorer's world


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, Ids]:
    world = World(tmp_path_factory.mktemp("explore"))
    ids = plant(world)
    world.build()
    return world, ids


@pytest.fixture(scope="session")
def ids(planted: tuple[World, Ids]) -> Ids:
    """The world's ids by name."""
    return planted[1]


@pytest.fixture(scope="module")
def explored(planted: tuple[World, Ids]) -> Iterator[str]:
    """The address of the explorer's world, served from the embedded store."""
    settings = Settings(workspace=planted[0].workspace, store="embedded")
    store = open_store(settings)
    store.apply(open_current(settings.workspace), quiet)
    store.close()
    with serving(settings) as address:
        yield address


@pytest.fixture(scope="module", params=ENGINES)
def explored_everywhere(request: pytest.FixtureRequest, planted: tuple[World, Ids]) -> Iterator[str]:
    """The explorer's world served from each store, asked once: Neo4j plans a question when it first comes, for seconds on a busy machine."""
    with served_from(planted[0].workspace, request) as address:
        for ask in ("views", "views/counts"):
            told = Request(f"{address}/api/v1/{ask}", json.dumps({"nodes": [planted[1]["甲大学"]]}).encode(), {"Content-Type": "application/json"})
            urlopen(told, timeout=60).close()
        urlopen(f"{address}/api/v1/nodes/{planted[1]['甲大学']}/neighbours?limit=25", timeout=60).close()
        yield address


@pytest.fixture
def explorer_page(browser: Browser, explored_everywhere: str) -> Iterator[Page]:
    with watched(browser, explored_everywhere) as (_, made):
        yield made


# ---- the world of the desk's pages: match, registry


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ids]:
    """Read only: tests that change something copy it."""
    world, ids = plant_desk(tmp_path_factory.mktemp("desk"))
    world.build()
    return world.workspace, ids


@pytest.fixture(scope="module", params=ENGINES)
def desk_everywhere(request: pytest.FixtureRequest, desk: tuple[Path, Ids]) -> Iterator[str]:
    """That world served from each store, asked once: Neo4j plans a question when it first comes, for seconds on a busy machine."""
    with served_from(desk[0], request) as address:
        urlopen(f"{address}/match?achievement={quote(TRIED)}", timeout=60).close()
        yield address
