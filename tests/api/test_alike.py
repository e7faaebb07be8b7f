"""Every answer by command and over HTTP, on both stores: four times the same, on one worker, so that none is compared with nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.app import API, create_app
from api.cli import app
from graph.settings import Settings
from graph.snapshot import open_current
from graph.store.open import open_store
from queries.answers.quality import LISTS
from queries.reader import Reader
from tests.contract.world import ENGINES, empty, quiet, settings_for
from tests.queries.provinces import made_up, planted_in, some

pytestmark = pytest.mark.timeout(900)  # the first test pays for the province and for both stores
DAY = "2026-06-30"
WISH = {"field": "新材料", "process": "压铸", "region": "合成1市", "budget": "50万元", "start": "2026-09-01", "maturity": "4-6"}
LINES = [x for k, v in WISH.items() for x in (f"--{k}", v)]
# name → (command, path, query); {x} are things of the province
ALIKE: dict[str, tuple[list[str], str, dict[str, Any]]] = {
    "paths": (["paths", "{achievement}", "{base}", "--as-of", DAY, "--k", "3"], "/paths",
              {"from": "{achievement}", "to": "{base}", "as_of": DAY, "k": 3}),
    "paths of sets": (["paths", "University@合成省", "PilotBase@合成1市", "--chain-only", "--through", "Achievement"], "/paths",
                      {"from": "University@{province}", "to": "PilotBase@{city}", "chain_only": True, "through": "Achievement"}),
    "no paths": (["paths", "{achievement}", "{base}", "--as-of", DAY, "--certain"], "/paths",
                 {"from": "{achievement}", "to": "{base}", "as_of": DAY, "certain": True}),
    "routes": (["routes", "{achievement}", "{base}"], "/routes", {"source": "{achievement}", "target": "{base}"}),
    "paths of a route": (["routes", "{achievement}", "{base}", "--route", "Aat>SE<sPB"], "/routes/paths",
                         {"source": "{achievement}", "target": "{base}", "route": "Aat>SE<sPB"}),
    "match": (["match", "{achievement}", "--start", "2026-09-01", "--qualification", "合成保密资质"], "/match",
              {"achievement": "{achievement}", "start": "2026-09-01", "qualification": "合成保密资质"}),
    "match a description": (["match", *LINES, "--weights", "price=0.3"], "/match", {**WISH, "weights": "price=0.3"}),
    "a centre": (["match", *LINES, "--for", "centre"], "/match", {**WISH, "for": "centre"}),
    "a fund for a project": (["match", "{project}", "--for", "fund"], "/match", {"achievement": "{project}", "for": "fund"}),
    "a fund": (["match", *LINES, "--for", "fund"], "/match", {**WISH, "for": "fund"}),
    "achievements": (["match", "{base}", "--for", "achievements"], "/match", {"base": "{base}", "for": "achievements"}),
    "a pair": (["match", "{achievement}", "--base", "{decoy}"], "/match/pair", {"achievement": "{achievement}", "base": "{decoy}"}),
    "sleeping": (["sleeping", "--as-of", DAY], "/sleeping", {"as_of": DAY}),
    "standards": (["standards", "shaanxi-2026"], "/standards/shaanxi-2026", {}),
    "judge": (["judge", "{base}", "--standard", "shandong-2022", "--as-of", DAY], "/judge",
              {"node": "{base}", "standard": "shandong-2022", "as_of": DAY}),
    "compare": (["judge", "{base}", "--compare", "{decoy}", "--standard", "hefei-review", "--as-of", DAY], "/judge/compare",
                {"node": ["{base}", "{decoy}"], "standard": "hefei-review", "as_of": DAY}),
    "conflicts": (["conflicts", "--standard", "shaanxi-2026"], "/standards/shaanxi-2026/conflicts", {}),
    "chain": (["chain", "{chain}", "--as-of", DAY], "/chains/{chain}/funnel", {"as_of": DAY}),
    "chain of a region": (["chain", "{chain}", "--as-of", DAY, "--region", "合成1市"], "/chains/{chain}/funnel", {"as_of": DAY, "region": "{city}"}),
    "gaps": (["gaps", "--as-of", DAY], "/gaps", {"as_of": DAY}),
    "cascade": (["cascade", "合成省中试办法0"], "/policies/{policy}/cascade", {}),
    "promises": (["promises", "--as-of", DAY], "/promises", {"as_of": DAY}),
    "promise": (["promises", "{target}", "--as-of", DAY], "/promises/{target}", {"as_of": DAY}),
    "contradictions": (["contradictions"], "/contradictions", {}),
    "registry": (["registry", "--as-of", DAY], "/registry", {"as_of": DAY}),
    "offers": (["offers", "--process", "压铸", "--scale", "30", "--free-by", DAY], "/offers", {"process": "压铸", "scale": 30, "free_by": DAY}),
    "managers": (["ask", "managers", "--field", "新材料"], "/managers", {"field": "新材料"}),
    "funds": (["ask", "funds", "--fund-kind", "angel"], "/funds", {"fund_kind": "angel"}),
    "measures": (["measures-for", "--kind", "Enterprise", "--size", "small", "--region", "合成1市"], "/measures-for",
                 {"kind": "Enterprise", "size": "small", "region": "{city}"}),
    "quality": (["quality", "--before", "2026-01-01"], "/quality", {"before": "2026-01-01"}),
    **{f"quality: {x}": (["quality", x, "--before", "2026-01-01"], f"/quality/{x}", {"before": "2026-01-01"}) for x in LISTS},
}  # fmt: skip
NONE = {"no paths", "quality: conflicts", "quality: weak", "quality: broken"}  # the province has none; that too is said alike


class Both:
    """One province on both stores: what a command and what a request answer on each."""

    def __init__(self, settings: dict[str, Settings], services: dict[str, TestClient], things: dict[str, str]) -> None:
        self.settings, self.services, self.things = settings, services, things

    def command(self, engine: str, args: list[str], code: int = 0) -> Any:
        s = self.settings[engine]
        env = {"INNOCHAIN_NEO4J_USER": s.neo4j_user, "INNOCHAIN_NEO4J_PASSWORD": s.neo4j_password.get_secret_value()}
        args = [a.format(**self.things) for a in args]
        done = CliRunner().invoke(app, [*args, "--json", "--workspace", str(s.workspace), "--store", s.store], env=env)
        assert done.exit_code == code, (args, done.output, done.exception)
        return json.loads(done.stdout)

    def request(self, engine: str, path: str, query: dict[str, Any]) -> Any:
        filled = {k: [x.format(**self.things) for x in v] if isinstance(v, list) else v.format(**self.things) if isinstance(v, str) else v
                  for k, v in query.items()}  # fmt: skip
        response = self.services[engine].get(API + path.format(**self.things), params=filled)
        assert response.status_code == 200, response.text
        return response.json()


@pytest.fixture(scope="module")
def both(request: pytest.FixtureRequest, neo4j_url: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    workspace: Path = made_up(tmp_path_factory.mktemp("alike"), 2_500, 1)
    snapshot, planted = open_current(workspace), planted_in(workspace)
    settings = {e: settings_for(e, workspace, request) for e in ENGINES}
    empty(neo4j_url)
    with ExitStack() as open_:
        for s in settings.values():
            store = open_store(s)
            store.apply(snapshot, quiet)
            store.close()
        services = {e: open_.enter_context(TestClient(create_app(s), follow_redirects=False)) for e, s in settings.items()}
        reader = Reader(settings["embedded"])
        open_.callback(reader.close)
        match = planted["matches"][0]
        things = {"achievement": match["achievement"], "base": match["base"], "decoy": match["decoys"][0]["base"], "chain": planted["chain"],
                  "target": planted["overdue"][0]["target"], "policy": reader.resolve("合成省中试办法0", ["Policy"]),
                  "project": some(reader, "project", "<TRIED_IN")[0],
                  "city": reader.resolve("合成1市", ["Region"]), "province": reader.resolve("合成省", ["Region"])}  # fmt: skip
        yield Both(settings, services, things)


@pytest.mark.parametrize("name", ALIKE)
def test_an_answer_is_the_same_by_command_and_over_http_on_both_stores(both: Both, name: str) -> None:
    args, path, query = ALIKE[name]
    first, *others = [both.command(e, args, 4 if name in NONE else 0) for e in ENGINES] + [both.request(e, path, query) for e in ENGINES]
    assert all(other == first for other in others)
    listed = [v for k in ("items", "paths", "links", "counted", "criteria", "standards", "item", "based_on_it") if (v := first.get(k)) is not None]
    assert any(listed) == (name not in NONE) and first["synthetic"] is True


def test_a_batch_is_the_same_on_both_stores(both: Both) -> None:
    asked = {"queries": {"甲": {"achievement": both.things["achievement"], "start": DAY}, "乙": WISH, "丙": {"achievement": "没有的"}}}
    first, second = (both.services[e].post(f"{API}/match", json=asked).json() for e in ENGINES)
    assert first == second and [bool(r["error"]) for r in first["table"]] == [False, False, True]

