"""How long 100,000 organisations take to resolve: certain joins, then proposals for review. Synthetic names; nothing here is a fact."""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from graph import snapshot  # noqa: E402
from graph.ledger import Ledger, writing  # noqa: E402
from graph.proposals import candidates, propose  # noqa: E402
from graph.records import Evidence, claim, node_id  # noqa: E402
from ingest.publications import region_names  # noqa: E402

LETTERS = "华兴安泰康瑞德盛金银光明宏达信诚恒远天地海洋江河山川春秋新中东西南北国民博雅凯利通顺吉祥福禄寿喜龙凤鹏飞腾跃永和平正大成"
TRADES = ("科技", "新材料", "电子", "生物医药", "机械", "环保", "能源", "信息技术", "化工", "装备制造", "食品", "建设工程")
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司")


def names(n: int, seed: int = 7) -> list[str]:
    """n names, a third of them short forms or other writings of others."""
    pick, places = random.Random(seed), sorted(p for p in region_names() if len(p) == 2)
    full, out = list[tuple[str, str, str, str]](), list[str]()
    while len(out) < n:
        if full and pick.random() < 0.33:
            place, core, trade, form = pick.choice(full)
            out.append(pick.choice((core + trade, f"{place}市{core}{trade}{form}", f"{place}{core}{trade}{pick.choice(FORMS)}", core + "股份")))
        else:
            full.append((pick.choice(places), "".join(pick.choices(LETTERS, k=pick.randint(2, 3))), pick.choice(TRADES), pick.choice(FORMS)))
            out.append("".join(full[-1]))
    return out


def measured(n: int) -> dict[str, Any]:
    """Seconds for building (with the certain joins) and proposing, and what came of it."""
    with tempfile.TemporaryDirectory() as folder, writing(workspace := Path(folder)):
        evidence = Evidence("document:0000000000000000").json()
        ids = [(node_id("Organization", (("name", name),)), name) for name in names(n)]
        with Ledger(workspace).run("synthetic") as run:
            run.add(claim("synthetic", i, "name", evidence, value=name, shown=name) for i, name in ids)
            run.close(complete=True)
        began = time.perf_counter()
        made = snapshot.build(workspace)
        built = time.perf_counter()
        with made.sqlite() as db:
            found = propose(candidates(db), region_names())
        done = time.perf_counter()
    return {"organisations": n, "nodes": made.manifest["nodes"], "build_s": round(built - began, 1), "propose_s": round(done - built, 1),
            "proposals": len(found), "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024}  # fmt: skip


if __name__ == "__main__":
    for size in map(int, sys.argv[1:] or ["10000", "100000"]):
        print(measured(size))
