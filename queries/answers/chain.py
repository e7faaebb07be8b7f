"""An industry chain link by link: how far its achievements came and where they stop, and who stands beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from graph.funnel import WAYMARKS, funnel, furthest, in_order
from graph.records import UNCONFIRMED
from queries.reader import Reader, plain

UNKNOWN = "unknown"
STAGE_NAMES = {"laboratory": ("实验室", "laboratory"), "verification": ("概念验证", "verification"), "pilot": ("中试", "pilot scale-up"),
               "industry": ("产业化", "industry")}  # fmt: skip
HELPERS = {"verification": ("VerificationCentre", "概念验证中心", "verification centres"), "pilot": ("PilotBase", "中试基地", "pilot bases")}
MOST = 5_000  # links of one chain
LEADERS = 1_000  # chain leaders that are read; more are said to be cut


def chain(reader: Reader, chain: str, as_of: dt.date | None = None, region: str | None = None) -> dict[str, Any]:
    """`{chain, region, links, total, circle, truncated, leaders_truncated, as_of, graph_version}`; a link has `achievements` by furthest
    stage, `ways` (numbers by what of the way is on record), `funnel`, `facilities`, `enterprises` by size, `demands`, `funds`, `leaders` and
    sentences. `total` counts what is in several links once. With a region: what belongs to it, by owner, poster or place (leaders, too).

    Links come from upstream to downstream; those on a circle of FEEDS have no order and are named in `circle`.
    """
    day = as_of or dt.date.today()

    def work(_: Any) -> dict[str, Any]:
        reader.canonical(chain)
        page = reader.ask("chain_industries", {"chain": chain, "limit": MOST})
        nodes = {r["industry"].id: r["industry"] for r in page.rows}
        counts = _counts(reader, nodes, day, region)
        feeds = [(r["edge"].source, r["edge"].target) for r in _each(reader, "industry_feeds", nodes) if r["edge"].target in nodes]
        order, circle = in_order([i for i in nodes if i != chain], feeds)
        links = [_link(plain(nodes[i]), counts[i]) for i in [chain, *order]]
        leaders = reader.ask("chain_leaders", {"chain": chain, "region": region, "limit": LEADERS})
        for link in links:
            link["leaders"] = _leaders(r for r in leaders.rows if r["industry"].id == link["node"]["id"])
        said = {"circle": [{"id": i, "name": nodes[i].name} for i in circle], "truncated": page.next_cursor is not None,
                "leaders_truncated": leaders.next_cursor is not None, "as_of": day.isoformat()}
        total = _link(plain(nodes[chain]), _counts(reader, [chain], day, region, parts=True)[chain])
        return plain({"chain": nodes[chain], "region": region, "links": links, "total": total, **said, **reader.stamp()})  # type: ignore[no-any-return]

    return reader.steady(work)


def chains(reader: Reader, as_of: dt.date | None = None, region: str | None = None, limit: int = 50, cursor: str | None = None) -> dict[str, Any]:
    """`{items, next_cursor, leaders_truncated, as_of, graph_version}`: every industry chain with its parts, as `chain` totals it, and its leaders."""
    day = as_of or dt.date.today()

    def work(_: Any) -> dict[str, Any]:
        page = reader.ask("industry_chains", {"limit": limit}, cursor)
        counts = _counts(reader, [r["chain"].id for r in page.rows], day, region, parts=True)
        leaders = reader.ask("chain_leaders", {"region": region, "limit": LEADERS})
        items = [{**_link(plain(r["chain"]), counts[r["chain"].id]), "parts": r["parts"],
                  "leaders": _leaders(x for x in leaders.rows if x["industry"].id == r["chain"].id)} for r in page.rows]  # fmt: skip
        cut = leaders.next_cursor is not None
        said = {"next_cursor": page.next_cursor, "leaders_truncated": cut, "as_of": day.isoformat()}
        return plain({"items": items, **said, **reader.stamp()})  # type: ignore[no-any-return]

    return reader.steady(work)


def _leaders(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"node": plain(r["leader"]), "evidence": r["edge"].properties.get("evidence", [])} for r in rows]


def _each(reader: Reader, question: str, ids: Iterable[str], **more: Any) -> Iterator[dict[str, Any]]:
    """Rows for industries of several kinds, asked a kind at a time, so that each is found by its index."""
    kinds: dict[str | None, list[str]] = {}
    for i in sorted(ids):
        kinds.setdefault(reader.ontology.kind_of(i), []).append(i)
    for group in kinds.values():
        yield from reader.ask(question, {"industries": group, **more}).rows


def _counts(reader: Reader, ids: Iterable[str], day: dt.date, region: str | None, parts: bool = False) -> dict[str, dict[str, Any]]:
    """By industry, each with what is part of it where asked: every thing once."""
    ids = list(ids)
    out: dict[str, dict[str, Any]] = {
        i: {"achievements": {}, "ways": [], "facilities": {}, "enterprises": {}, "funds": {}, "demands": 0} for i in ids}  # fmt: skip
    asked = {"above": UNCONFIRMED, "region": region, "with_parts": parts}
    for r in _each(reader, "industry_achievements", ids, **asked):
        held, stage = out[r["industry"]], furthest(r)
        held["ways"].append({**{k: bool(r[k]) for k in WAYMARKS}, "achievements": r["achievements"]})
        held["achievements"][stage] = held["achievements"].get(stage, 0) + r["achievements"]
    for part, by in (("facilities", "kind"), ("enterprises", "size"), ("funds", "fund_kind")):
        for r in _each(reader, f"industry_{part}", ids, **asked):
            out[r["industry"]][part][r[by] or UNKNOWN] = r[part]
    for r in _each(reader, "industry_demands", ids, open_on=day, **asked):
        out[r["industry"]]["demands"] = r["demands"]
    return out


def _link(node: dict[str, Any], counts: dict[str, Any]) -> dict[str, Any]:
    made = funnel(counts["achievements"])
    return {"node": node, **counts, "funnel": made, "said": sentence(node["name"], counts, made["break"])}


def sentence(name: str, counts: dict[str, Any], broken: dict[str, Any] | None) -> dict[str, str]:
    """Where the funnel breaks, and whether somebody is there to help over it."""
    total = sum(counts["achievements"].values())
    if not total:
        return {"zh": f"“{name}”没有成果记录，漏斗无从说起。", "en": f"No achievement of “{name}” is on record, so there is no funnel."}
    if broken is None:
        return {"zh": f"“{name}”的 {total} 项成果均有产业化记录。", "en": f"All {total} achievements of “{name}” are on record as industrialised."}
    (a_zh, a_en), (b_zh, b_en) = STAGE_NAMES[broken["from"]], STAGE_NAMES[broken["to"]]
    kind, who_zh, who_en = HELPERS.get(broken["to"], ("", "企业", "enterprises"))
    there = counts["facilities"].get(kind, 0) if kind else sum(counts["enterprises"].values())
    return {"zh": f"“{name}”的 {total} 项成果中，由{a_zh}往后只有 {broken['passed']:.0%} 有{b_zh}或更后阶段的记录，是最窄的一步；"
                  f"此处有 {there} 个{who_zh}的记录。",
            "en": f"Of {total} achievements of “{name}” only {broken['passed']:.0%} of those at {a_en} are on record at {b_en} or later, the "
                  f"narrowest step; {there} {who_en} are on record there."}  # fmt: skip
