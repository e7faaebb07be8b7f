"""How smooth the explorer is at its limit, 500 nodes and 1,500 relations, and how soon pages of a big graph are there, in a real Chromium.

    python tests/bench/explorer.py                       the canvas at its limit
    python tests/bench/explorer.py --world WORKSPACE     pages of a made-up province that is built: till load, till the canvas is ready

Writes `results/explorer-DATE.json`, the pages beside the canvas. Frame times are of this machine's Chromium without a graphics card; `redraw` is what
our and vis-network's code takes of a frame. Every name begins with 合成: nothing here is a fact.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import statistics
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, sync_playwright  # noqa: E402

from graph.settings import Settings  # noqa: E402
from graph.store.open import open_store  # noqa: E402
from queries.reader import Reader  # noqa: E402
from tests.bench.asked import Drawn  # noqa: E402
from tests.bench.run import machine  # noqa: E402
from tests.browser.serving import serving  # noqa: E402
from tests.contract.world import World, quiet  # noqa: E402

NODES, EDGES, EXPANSIONS = 500, 1_500, 15
ASK = "document.getElementById('canvas').explorer"
FRAMES = """async (move) => {
  const net = ASK.canvas.net, at = net.getViewPosition(), scale = net.getScale(), took = [];
  await new Promise((done) => { let last = 0, n = 0; const step = (now) => { if (last) took.push(now - last); last = now; n += 1;
    if (move === 'pan') net.moveTo({ position: { x: at.x + 4 * n, y: at.y }, scale });
    else if (move === 'zoom') net.moveTo({ position: at, scale: scale * (1 + n / 40) });
    if (n < 120) requestAnimationFrame(step); else done(); }; requestAnimationFrame(step); });
  net.moveTo({ position: at, scale });
  return took; }""".replace("ASK", ASK)
REDRAW = """() => { const took = [];
  for (let i = 0; i < 40; i += 1) { const began = performance.now();
    ASK.canvas.net.body.emitter.emit('_redraw'); took.push(performance.now() - began); }
  return took; }""".replace("ASK", ASK)
SLIDER = """async () => { const took = [];
  for (let i = 0; i < 20; i += 1) { const began = performance.now();
    await ASK.preview({ as_of: `20${10 + i % 10}-06-30` }); took.push(performance.now() - began); }
  await ASK.preview({});
  return took; }""".replace("ASK", ASK)
EXPAND = "async (id) => { const began = performance.now(); await ASK.expand(id); return performance.now() - began; }".replace("ASK", ASK)


def plant(workspace: Path) -> list[str]:
    """A synthetic view, published; its ids, the one with the most relations first."""
    world, chance = World(workspace), random.Random(5)
    schools = [world.node("Organization", f"合成大学{n:03d}", types=["University"]) for n in range(60)]
    firms = [world.node("Organization", f"合成公司{n:03d}", types=["Enterprise"]) for n in range(90)]
    results = [world.node("Achievement", f"合成成果关键技术{n:03d}") for n in range(250)]
    bases = [world.node("PilotBase", f"合成新材料中试基地{n:03d}") for n in range(100)]
    lines = (("OWNS", schools, results), ("HOSTS", schools, bases), ("TRANSFERRED_TO", results, firms), ("INVESTS_IN", firms, bases))
    made = set[tuple[str, str, str]]()
    while len(made) < EDGES:
        relation, some, others = chance.choice(lines)
        edge = (chance.choice(some), relation, chance.choice(others))
        if edge not in made:
            made.add(edge)
            world.edge(*edge, since=f"20{chance.randrange(10, 24)}-01-01")
    store = open_store(Settings(workspace=workspace, store="embedded"))
    store.apply(world.build(), quiet)
    store.close()
    return [*schools, *firms, *results, *bases]


def spread(took: list[float]) -> dict[str, float]:
    return {"p50_ms": round(statistics.median(took), 1), "p95_ms": round(statistics.quantiles(took, n=20)[-1], 1)}


def ready(page: Page, address: str, query: str) -> float:
    """Seconds until a canvas of these nodes is drawn and takes keys."""
    began = time.perf_counter()
    page.goto("about:blank")
    page.goto(f"{address}/explore#{query}")
    page.wait_for_selector("body[data-ready]")
    return time.perf_counter() - began


def pages(page: Page, address: str, workspace: Path) -> dict[str, Any]:
    """Milliseconds from asking for a page until its load event: the first time, then the median; and for the explorer until it is ready."""
    with closing(Reader(Settings(workspace=workspace, store="embedded"))) as reader:
        drawn = Drawn(reader)
        firms, results, (hub, _) = drawn.some("Organization", 10), drawn.some("Achievement", 10), drawn.hubs(1)[0]
        nodes = reader.stats()["nodes"]
    asked = {"home": ["/"] * 5, "node": [f"/nodes/{i}" for i in firms], "node, the busiest": [f"/nodes/{hub}"] * 5,
             "match": [f"/match?achievement={i}" for i in results], "registry": ["/registry"] * 5, "sleeping": ["/registry/sleeping"] * 5,
             "chains": ["/chain"] * 5, "promises": ["/promises"] * 5}  # fmt: skip
    out: dict[str, Any] = {"nodes": nodes}
    for name, paths in asked.items():
        took = []
        for path in paths:
            page.goto(address + path, wait_until="load", timeout=60_000)
            took.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventStart"))
        out[name] = {"first_ms": round(took[0]), "p50_ms": round(statistics.median(took[1:]))}
    canvas, rounds = [], []
    for i in firms:
        canvas.append(1_000 * ready(page, address, f"nodes={i}"))
        rounds.append(page.evaluate(EXPAND, i))
    out["explorer, one node, to ready"] = {"first_ms": round(canvas[0]), "p50_ms": round(statistics.median(canvas[1:]))}
    out["expansion, to drawn and counted"] = spread(rounds)
    return out


def measure(page: Page, address: str, ids: list[str]) -> dict[str, Any]:
    ready(page, address, f"nodes={ids[0]}")
    out: dict[str, Any] = {"seconds to ready, one node": round(statistics.median(ready(page, address, f"nodes={ids[0]}") for _ in range(5)), 3)}
    rounds = []
    for school in ids[:EXPANSIONS]:
        ready(page, address, f"nodes={school}")
        rounds.append(page.evaluate(EXPAND, school))
    out["expansion, to drawn and counted"] = spread(rounds)
    out["seconds to ready, 500 nodes"] = round(statistics.median(ready(page, address, "nodes=" + ",".join(ids)) for _ in range(3)), 3)
    for move in ("pan", "zoom", "still"):
        out[f"frame, {move}"] = spread(page.evaluate(FRAMES, move))
    page.evaluate(f"() => {ASK}.canvas.net.moveTo({{ scale: 0.7 }})")
    out["frame, pan close up"] = spread(page.evaluate(FRAMES, "pan"))
    out["redraw"] = spread(page.evaluate(REDRAW))
    out["slider step"] = spread(page.evaluate(SLIDER))
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path, help="the workspace of a province that is built and published")
    world = parser.parse_args().world
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        ids = [] if world else plant(Path(folder))
        with serving(Settings(workspace=world or Path(folder), store="embedded")) as address:
            browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_context(viewport={"width": 1280, "height": 720}).new_page()
            found = pages(page, address, world) if world else measure(page, address, ids)
            browser.close()
    path = Path(__file__).parent / "results" / f"explorer-{dt.date.today().isoformat()}.json"
    body: dict[str, Any] = json.loads(path.read_bytes()) if path.exists() else {"date": dt.date.today().isoformat(), "synthetic": True}
    body |= {"machine": machine(), "window": "1280x720"}
    body["pages" if world else "results"] = found if world else {"nodes": NODES, "edges": EDGES, **found}
    path.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(found, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
