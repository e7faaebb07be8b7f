"""Standards, judging, promises and contradictions by command and by HTTP: answers, exit codes, wrong input, the user's own folder."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

from api.app import API, UNVERSIONED, create_app
from graph.errors import BadDeclaration
from graph.settings import Settings
from queries.answers.quality import LISTS
from tests.api.test_cli import answer, run
from tests.api.test_http import get, id_of, problem

BASE = "陕西省镁基新材料中试基地"
OWN = """kind: recognition
zh: 本地办法
en: Local rules
for: [PilotBase]
source: {document: 本地办法, standing: issuer}
criteria:
  - {id: area, zh: 场地, en: Site, force: must, test: {property: area, at_least: 100平方米}}
"""


def test_standards_are_listed_and_shown(shipped_workspace: Path, client: TestClient) -> None:
    listed: Any = answer(shipped_workspace, "standards")
    assert {"shaanxi-2024", "shaanxi-2026", "linyi-filing", "instrument-sharing"} <= {s["name"] for s in listed}
    assert get(client, "/standards")["items"] == listed
    shown: Any = answer(shipped_workspace, "standards", "shaanxi-2026")
    assert shown == get(client, "/standards/shaanxi-2026")
    assert [c["id"] for c in shown["conflicts"]] == ["not_both", "not_again", "not_through_subsidiaries"]
    assert all(c["evidence"] for c in shown["conflicts"]), "each rule with the measure that states it"
    assert "未证实" in run(shipped_workspace, "standards", "shaanxi-2026").stdout


def test_a_base_is_judged_alike_by_command_and_by_http(shipped_workspace: Path, client: TestClient) -> None:
    found: Any = answer(shipped_workspace, "judge", BASE, "--standard", "linyi-filing", "--as-of", "2026-06-30")
    node = id_of(client, BASE)
    assert found == get(client, f"/judge?node={node}&standard=linyi-filing&as_of=2026-06-30")
    assert found["standards"][0]["results"][0]["node"]["id"] == node
    text = run(shipped_workspace, "judge", BASE, "--standard", "linyi-filing").stdout
    assert "设备原值不低于300万元" in text and "规则只见于转载" in text
    rates = run(shipped_workspace, "judge", BASE, "--standard", "instrument-sharing").stdout
    assert "设备原值未知" in rates and "equipment_value" not in rates


def test_bases_side_by_side(shipped_workspace: Path, client: TestClient) -> None:
    other = "大连松木岛化工新材料中试基地"
    found: Any = answer(shipped_workspace, "judge", BASE, "--compare", other, "--standard", "linyi-filing", "--as-of", "2026-06-30")
    ids = [n["id"] for n in found["nodes"]]
    assert found == get(client, f"/judge/compare?node={ids[0]}&node={ids[1]}&standard=linyi-filing&as_of=2026-06-30")
    assert [c["node"] for c in found["standards"][0]["rows"][0]["cells"]] == ids
    assert other in run(shipped_workspace, "judge", BASE, "--compare", other, "--standard", "linyi-filing").stdout
    every: Any = answer(shipped_workspace, "judge", BASE)
    assert len(every["standards"]) >= 5, "without --standard, every one that judges its kind here"
    assert every == get(client, f"/judge?node={ids[0]}")


def test_promises_and_contradictions(shipped_workspace: Path, client: TestClient) -> None:
    found: Any = answer(shipped_workspace, "promises", "--region", "陕西省", "--as-of", "2024-08-14", "--limit", "100")
    region = next(w["id"] for x in found["items"] for w in x["where"] if w["name"] == "陕西省")
    assert found == get(client, f"/promises?region={region}&as_of=2024-08-14&limit=100")
    sixty = next(x for x in found["items"] if x["shown"] == "60家")
    one: Any = answer(shipped_workspace, "promises", sixty["target"]["name"], "--as-of", "2024-08-14")
    assert one == get(client, f"/promises/{sixty['target']['id']}?as_of=2024-08-14") and one["observed"] == 10
    text = run(shipped_workspace, "promises", sixty["target"]["name"], "--as-of", "2024-08-14").stdout
    assert "至少10家" in text and "每月需1.75" in text and "陕西稀有金属新材料中试基地" in text
    assert "不可观测" in run(shipped_workspace, "promises", "--region", "陕西省").stdout
    disagree: Any = answer(shipped_workspace, "contradictions")
    assert disagree == get(client, "/contradictions") and {x["type"] for x in disagree["items"]} == {"figures", "counts"}
    assert "3.6万项" in run(shipped_workspace, "contradictions").stdout


def test_exit_codes(shipped_workspace: Path) -> None:
    for code, *args in (
        (4, "conflicts", "--standard", "shaanxi-2026"), (4, "judge", "无此名称之物", "--standard", "linyi-filing"),
        (4, "judge", BASE, "--standard", "linyi"), (2, "judge", BASE, "--as-of", "soon"), (2, "judge", BASE, "--standard", "xian-centres"),
        (2, "conflicts", "--standard", "linyi-filing"),
        (2, "promises", "--as-of", "2026-13-01"), (4, "promises", "--region", "雁塔区"), (4, "standards", "nothing"), (4, "promises", BASE + "无"),
    ):  # fmt: skip
        done = run(shipped_workspace, *args)  # type: ignore[arg-type]
        assert done.returncode == code and done.stderr and "Traceback" not in done.stderr, (args, done.stderr)


def test_wrong_input_over_http_is_a_problem(client: TestClient) -> None:
    node = id_of(client, BASE)
    assert problem(client.get(f"{API}/standards/linyi"), 404, "unknown")["suggestions"] == ["linyi-filing"]
    problem(client.get(f"{API}/judge?node={node}&standard=xian-centres"), 422, "bad_parameter")
    problem(client.get(f"{API}/judge?node={node}&standard=linyi-filing&as_of=soon"), 422, "bad_parameter")
    problem(client.get(f"{API}/judge?node=pilot-base:0000000000000000&standard=linyi-filing"), 404, "unknown")
    problem(client.get(f"{API}/judge/compare?node={node}&standard=linyi-filing"), 422, "bad_parameter")
    problem(client.get(f"{API}/promises/{node}"), 422, "bad_parameter")
    problem(client.get(f"{API}/promises/target:0000000000000000"), 404, "unknown")
    problem(client.get(f"{API}/promises?region={node}"), 422, "bad_parameter")
    problem(client.get(f"{API}/contradictions?about={quote('无')}"), 422, "bad_parameter")
    problem(client.get(f"{API}/standards/linyi-filing/conflicts"), 422, "bad_parameter")


class Later(dt.date):
    @classmethod
    def today(cls) -> dt.date:  # type: ignore[override]
        return dt.date(2041, 3, 4)


def test_an_answer_for_today_is_not_held_by_the_graph_version(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every list that can be asked for without more, asked on another day: what is another answer then has no ETag, the rest has one."""
    paths = client.get(f"{API}/openapi.json").json()["paths"]
    plain = [p for p, ways in paths.items() if p.startswith(API) and "{" not in p and "get" in ways and p not in UNVERSIONED
             and not any(x.get("required") for x in ways["get"].get("parameters", ()))]  # fmt: skip
    chain = client.get(f"{API}/chains").json()["items"][0]["chain"]["id"]
    plain += [f"{API}/chains/{chain}/funnel", *(f"{API}/quality/{which}" for which in LISTS),
              f"{API}/judge?node={id_of(client, BASE)}&standard=linyi-filing"]
    asked = {p: client.get(p) for p in plain}
    for module in [m for n, m in sys.modules.items() if n.partition(".")[0] in ("api", "queries") and getattr(m, "dt", None) is dt]:
        monkeypatch.setattr(module, "dt", SimpleNamespace(**{**vars(dt), "date": Later}))
    differs = {p for p, before in asked.items() if before.status_code == 200 and client.get(p).content != before.content}
    assert {p.removeprefix(API).partition("?")[0] for p in differs} >= {"/promises", "/judge", "/gaps", "/registry", "/sleeping", "/quality/old"}
    held = {p for p, r in asked.items() if "etag" in r.headers}
    assert not differs & held and len(held) > 30
    monkeypatch.undo()
    for path in ("/promises?as_of=2024-08-14", "/quality/old?before=2024-08-14", "/gaps?as_of=2024-08-14", "/contradictions", "/standards"):
        assert client.get(API + path, headers={"If-None-Match": client.get(f"{API}/stats").headers["etag"]}).status_code == 304, path


def test_a_folder_of_ones_own_standards(shipped_workspace: Path, tmp_path: Path) -> None:
    (tmp_path / "local.yaml").write_text(OWN, encoding="utf-8")
    found: Any = answer(shipped_workspace, "judge", BASE, "--standard", "local", INNOCHAIN_STANDARDS=str(tmp_path))
    assert found["standards"][0]["rule_confirmed"] and found["standards"][0]["results"][0]["criteria"][0]["verdict"] == "unknown"
    (tmp_path / "local.yaml").write_text(OWN.replace("100平方米", "100公斤"), encoding="utf-8")
    done = run(shipped_workspace, "standards", INNOCHAIN_STANDARDS=str(tmp_path))
    assert done.returncode == 1 and "local.yaml:7: at_least:" in done.stderr
    with pytest.raises(BadDeclaration, match=r"local\.yaml:7"):
        create_app(Settings(workspace=shipped_workspace, store="embedded", standards=tmp_path))
