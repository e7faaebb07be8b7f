"""The world of the desk's pages (match, registry): the planted one of matching, with recognitions, people, measures and hostile names."""

from __future__ import annotations

from pathlib import Path

from tests.browser.explore_world import CLOSING, HOSTILE, QUOTED, Ids
from tests.contract.world import World
from tests.queries.test_match import plant

TRIED = "镁合金轮毂压铸技术"


def plant_desk(folder: Path) -> tuple[World, Ids]:
    """Hostile names stand on an achievement, its owner, a base, a region, a service and a fund: each is shown somewhere."""
    world, ids = plant(folder)

    def node(kind: str, name: str, **texts: object) -> str:
        ids[name] = world.node(kind, name, **texts)
        return ids[name]

    agency = node("Organization", "某科技厅", types=["Agency"])
    world.edge(agency, "RECOGNIZES", ids["甲中试基地"], event="recognised", event_date="2022-03-01", level="省级", valid_until="2027-03-01")
    world.edge(agency, "RECOGNIZES", ids["乙中试基地"], event="recognised", event_date="2019-03-01", level="国家级", valid_until="2022-03-01")
    world.edge(agency, "RECOGNIZES", ids["丁中试基地"], event="recognised", event_date="2021-03-01", level="市级")
    world.edge(agency, "RECOGNIZES", ids["丁中试基地"], event="revoked", event_date="2024-03-01", level="市级")
    manager = node("TechManager", "张经理", specialities=["新材料", "镁合金"], level="高级")
    world.edge(manager, "WORKS_AT", ids["成果大学"])
    policy = node("Policy", "某省中试办法", level="province")
    for name, whom in (("补助企业中试", "企业"), ("奖励高校转化", "高校")):
        world.edge(policy, "PROMISES", node("Measure", name, whom=whom, state="in_force", position="1" if whom == "企业" else "2"))
    node("Achievement", "沉睡镁成果", maturity_min="5", maturity_max="5", year="2020", process=["压铸"])
    world.edge(ids["沉睡镁成果"], "APPLIES_TO", ids["镁合金压铸件"])
    world.edge(ids["成果大学"], "OWNS", ids["沉睡镁成果"])
    hostile = node("PilotBase", HOSTILE, open_to_outsiders="是")
    world.edge(hostile, "SERVES", ids["镁合金压铸件"])
    place = node("Region", QUOTED, adcode="990000")
    world.edge(hostile, "LOCATED_IN", place)
    world.edge(hostile, "OFFERS", node("Service", CLOSING, process=["压铸"]))
    owner = node("Organization", f"=HYPERLINK{HOSTILE}", types=["University"])
    world.edge(owner, "OWNS", node("Achievement", f"=1+1{CLOSING}", process=["压铸"], maturity_min="5"))
    world.edge(ids[f"=1+1{CLOSING}"], "APPLIES_TO", ids["镁合金压铸件"])
    world.edge(node("Fund", f"@{QUOTED}", fund_kind="seed"), "FOCUSES_ON", ids["镁产业链"])
    return world, ids
