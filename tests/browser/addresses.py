"""Every page of ours, in one place: the walk over all pages, the accessibility check and the pictures read this list.

A new page is one line here. `{n:NAME}` stands for the id of what a name leads to, `{claim:NAME}` for its first claim,
`{document}` for the document with a loaded text, or the latest.
"""

from __future__ import annotations

import json
import re
from urllib.parse import quote
from urllib.request import urlopen

from playwright.sync_api import Page, expect

PAGES = {  # name → address
    "home": "/",
    "search": "/search?q=中试",
    "nothing-found": "/search?q=zzzqqqq",
    "node": "/nodes/{n:西北工业大学}",
    "base": "/nodes/{n:陕西省镁基新材料中试基地}",
    "relation": "/nodes/{n:西北工业大学}?relation=ABOUT&direction=in",
    "documents": "/documents",
    "document": "/documents/{document}",
    "evidence": "/evidence/{claim:西北工业大学专职科技经纪人}",
    "questions": "/questions",
    "question": "/questions/bases",
    "question-chart": "/questions/counts_by_kind?show=chart",
    "question-graph": "/questions/base_hosts?facility={n:陕西省光子集成产业领域中试基地}&show=graph",
    "chain-of-a-university": "/questions/university_chain?university=西工大",
    "paths": "/paths",
    "paths-found": "/paths?from=中国重型机械研究院&to=陕西省科学技术厅",
    "match": "/match",
    "match-found": "/match?field=镁合金&process=压铸&region=陕西省",
    "match-batch": "/match/batch",
    "certificate": "/match/certificate?base={n:陕西省镁基新材料中试基地}&field=镁合金",
    "registry": "/registry",
    "offers": "/registry/offers",
    "managers": "/registry/managers",
    "funds": "/registry/funds?planned=yes",
    "measures": "/registry/measures",
    "sleeping": "/registry/sleeping",
    "chains": "/chain",
    "chain": "/chain?chain={n:光子}",
    "promises": "/promises",
    "promise": "/promises?target={n:2026年底前认定中心和基地60家}",
    "explore": "/explore?nodes={n:陕西省科学技术厅},{n:中国重型机械研究院},{n:2022年省级中试基地},{n:省科技厅已批复成立的十个中试基地},"
    "{n:陕西省镁基新材料中试基地},{n:陕西省光子集成产业领域中试基地},{n:西安光机所}",
    "review": "/review",
    "upload": "/upload",
    "no-such-node": "/nodes/pilot-base:0000000000000000",
    "no-such-page": "/nope",
    "bad-parameter": "/questions/bases?year=12",
}
REFUSED = {"no-such-node": 404, "no-such-page": 404, "bad-parameter": 422}  # pages that tell of an error; Chromium's console tells it too


def spoken(address: str, lang: str) -> str:
    """An address in a language."""
    return address if lang == "zh" else address + ("&" if "?" in address else "?") + "lang=en"


def found(site: str, address: str) -> str:
    """An address with its stand-ins filled from the service at `site`, ready for a browser."""
    return re.sub(r"\{(\w+):?(.*?)\}", lambda m: _stands_for(site, m[1], m[2]), address)


def _stands_for(site: str, what: str, name: str) -> str:
    if what == "document":
        listed = _read(f"{site}/api/v1/documents?limit=200")["items"]
        return str(next((d for d in listed if d["has_text"]), listed[0])["id"])
    (hit,) = _read(f"{site}/api/v1/search?limit=1&q={quote(name)}")["items"]
    if what == "claim":
        return str(_read(f"{site}/api/v1/nodes/{hit['id']}")["facts"][0]["claim"])
    return str(hit["id"])


def _read(address: str) -> dict[str, list[dict[str, object]]]:
    with urlopen(address) as answer:
        read: dict[str, list[dict[str, object]]] = json.load(answer)
    return read


def settled(page: Page) -> None:
    """Wait until nothing moves any more: a waiting page has given way, the explorer has drawn, nothing is being fetched."""
    expect(page.locator("[data-waiting], body.exploring:not([data-ready=true])")).to_have_count(0, timeout=60_000)
    page.wait_for_load_state("networkidle")
