"""A node and what is around it, or a view, as one HTML file that needs no network: vis-network, as the pyvis wheel ships it, inlined.

Invariants: equal input gives equal bytes; data reaches the file only as JSON and as escaped text, so no name can run; the
file carries a Content-Security-Policy that allows its own script and style by hash and no request at all. Positions are
computed here, left to right by the stage of the chain (physics would take minutes at 2,000 nodes).
"""

from __future__ import annotations

import base64
import hashlib
import json
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from graph.errors import InnochainError
from graph.ontology import Ontology
from graph.picture_page import PAGE, SCRIPT, STYLE
from graph.store.contract import Edge, Node

MOST = 300  # nodes in one picture
LABELLED = 5  # lines of one relation that carry its name; of more, the footer names the relation and hovering tells
SAID = frozenset({"Document", "Measure", "Target", "Observation", "Policy"})  # what is said goes below the chain, who and where above it
Point = tuple[float, float]
INSIDE = frozenset({"box", "ellipse", "database"})  # vis-network writes the label of these shapes inside them
CELL, ROW, GAP = 190, 120, 110  # a label of 10 Han characters and three lines fits a cell
HEAD = 170  # an empty stage is as wide as its heading, in English too
CLOSE = (166, 104, 64)  # cell, row and gap of a view: no names on its lines, so that twice as many names can be read
OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"randomSeed": 1},
    "interaction": {"hover": True, "tooltipDelay": 120, "dragNodes": True, "keyboard": {"enabled": True, "bindToWindow": False}},
    "nodes": {"font": {"size": 14, "face": "system-ui,sans-serif", "vadjust": 0}, "shadow": False},
    "edges": {"smooth": False, "width": 1.4, "selectionWidth": 1, "hoverWidth": 0.6,
              "arrows": {"to": {"enabled": True, "scaleFactor": 0.55}}, "font": {"size": 12, "face": "system-ui,sans-serif", "align": "middle"}},
}  # fmt: skip

SHAPES = {  # the legend's shapes, in a box from -8 to 8
    "dot": "M0-7a7 7 0 1 1 0 14a7 7 0 1 1 0-14", "ellipse": "M0-5a8 5 0 1 1 0 10a8 5 0 1 1 0-10", "square": "M-6-6H6V6H-6Z",
    "box": "M-8-5H8V5H-8Z", "triangle": "M0-7L7 6H-7Z", "triangleDown": "M0 7L7-6H-7Z", "diamond": "M0-8L7 0L0 8L-7 0Z",
    "star": "M0-8L2-2.6L7.6-2.5L3.2 1L4.7 6.5L0 3.3L-4.7 6.5L-3.2 1L-7.6-2.5L-2-2.6Z", "hexagon": "M-4-7H4L8 0L4 7H-4L-8 0Z",
    "database": "M-6-5A6 3 0 0 1 6-5V5A6 3 0 0 1-6 5Z",
}  # fmt: skip
_REACHES_OUT = re.compile(r"""<(link|iframe|img|object|embed|base)\b|@import|url\(\s*['"]?(https?:)?//|\b(src|href|action)\s*=\s*['"]?(https?:)?//""")


# ---- what a node looks like ----------------------------------------------------------------------------------------


def look(ontology: Ontology, node: Node) -> tuple[str, str, int | None, str]:
    """(colour, shape, stage, label of ontology) of a node; an organisation looks like the first of its types."""
    kind = ontology.kinds[node.kind]
    types = [t for t in kind.types if t in node.types]
    stages = [s for t in types if (s := kind.types[t].get("stage")) is not None]
    position = node.properties.get("position") if node.kind == "Stage" else None
    stage = position if isinstance(position, int) else min(stages, default=kind.stage)
    return (str(kind.types[types[0]]["color"]), kind.shape, stage, types[0]) if types else (kind.color, kind.shape, stage, node.kind)


_UNIT = re.compile(r"[(（《“]?(?:[0-9A-Za-z.]{1,16}|.)[)）》”，、。]?", re.DOTALL)  # stays on one line


def wrapped(text: str, width: int = 20, lines: int = 3) -> str:
    """A label in lines of `width` half-width columns, cut with … after `lines`; numbers and Latin words stay whole."""
    out, used = [""], 0
    for unit in _UNIT.findall(text):
        wide = sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in unit)
        if used + wide > width:
            if len(out) == lines:
                return "\n".join([*out[:-1], out[-1][:-1] + "…"])
            out, used = [*out, ""], 0
        out[-1], used = out[-1] + unit, used + wide
    return "\n".join(out)


def ink(color: str) -> str:
    """Dark or white, whichever reads better on this colour."""
    r, g, b = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (r, g, b)]
    light = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#16191c" if (light + 0.05) / 0.06 > 1.05 / (light + 0.05) else "#ffffff"


def _lines(properties: Mapping[str, Any], declared: Mapping[str, Any], lang: str) -> Iterable[str]:
    for p in declared.values():
        value = properties.get(f"{p.name}_shown", properties.get(p.name))
        if p.name in ("name", "types", "text", "read_sha256", "text_sha256") or value is None:
            continue
        text = "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        yield f"{p.zh}：{text}" if lang == "zh" else f"{p.en}: {text}"


def _hover(node: Node, ontology: Ontology, lang: str) -> str:
    kind = ontology.kinds[node.kind]
    marks = [getattr(kind, lang), *(str(kind.types[t][lang]) for t in kind.types if t in node.types)]
    if (modality := str(node.properties.get("modality", "done"))) != "done":
        marks.append(ontology.modality_labels[modality][lang])
    return "\n".join([node.name, " · ".join(marks), *_lines(node.properties, kind.properties, lang)])


# ---- where things stand --------------------------------------------------------------------------------------------


def _rank(ontology: Ontology, node: Node) -> tuple[int, str, str]:
    return list(ontology.kinds).index(node.kind), node.name, node.id


def _band(nodes: Sequence[Node], middle: float, per_row: int, y: float, step: int, cell: int) -> dict[str, Point]:
    """Rows of nodes from y on; every other row is shifted half a cell, so that lines pass between names."""
    out = {}
    rows = math.ceil(len(nodes) / per_row)
    for r in range(rows):
        row = nodes[r * per_row : (r + 1) * per_row]
        for i, node in enumerate(row):
            out[node.id] = (middle + (i - (len(row) - 1) / 2) * cell + (cell / 2 if r % 2 and len(row) == per_row else 0), y + step * r)
    return out


def arranged(nodes: Sequence[Node], ontology: Ontology, center: Node | None = None) -> tuple[dict[str, Point], dict[int, Point]]:
    """Positions of nodes and of the stages' headings, in pixels: stages left to right, who and where above, what is said below.

    Nodes of one stage stand in the order given; equal input gives equal positions.
    """
    return _layout(center, nodes, {n.id: look(ontology, n)[2] for n in nodes}, (CELL, ROW, GAP) if center else CLOSE)


def _layout(center: Node | None, nodes: Sequence[Node], stages: Mapping[str, int | None],
            steps: tuple[int, int, int]) -> tuple[dict[str, Point], dict[int, Point]]:  # fmt: skip
    cell, row, gap = steps
    at: dict[str, Point] = {}
    own = stages[center.id] if center else None
    heads: dict[int, Point] = {}
    x, tallest = 0.0, 1
    columns = {s: [n for n in nodes if stages[n.id] == s and n is not center] for s in range(4)}
    if any(columns.values()) or own is not None:
        for s, column in columns.items():
            deep = math.ceil(math.sqrt(1.2 * len(column)))
            blocks = [column[i : i + deep] for i in range(0, len(column), deep)] if deep else []
            if center and own == s:  # the node itself gets a place of its own, on the side of the chain's middle
                blocks = [*blocks, [center]] if s < 2 else [[center], *blocks]
            first = x
            for nth, block in enumerate(blocks or [[]]):
                if nth and center in (*block, *blocks[nth - 1]):
                    x += gap  # room for the name of a relation within the column
                for i, node in enumerate(block):
                    at[node.id] = (x, (i - (len(block) - 1) / 2) * row)
                tallest, x = max(tallest, len(block)), x + (cell if block else HEAD)
            heads[s] = ((first + x - cell) / 2 if blocks else first - (cell - HEAD) / 2, 0.0)
            x += gap if blocks else 0
        x -= cell
    middle, top = x / 2, -(tallest - 1) / 2 * row
    heads = {s: (hx, top - 0.75 * row) for s, (hx, _) in heads.items()}
    per_row = max(4, round(x / cell), math.ceil(math.sqrt(2.4 * len(nodes) * row / cell)))  # a picture wider than high
    upper = top - (1.6 if heads else 1.3) * row
    lower = (tallest - 1) / 2 * row + 1.4 * row
    if center and center.id not in at:  # no stage of its own: it stands between what is above and the chain
        at[center.id] = (middle, upper if heads else 0.0)
        upper -= 1.3 * row if heads else 0.0
    beside = [n for n in nodes if n.id not in at]
    at |= _band([n for n in beside if n.kind not in SAID], middle, per_row, upper, -row, cell)
    at |= _band([n for n in beside if n.kind in SAID], middle, per_row, lower, row, cell)
    return at, heads


# ---- the file ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Said:
    """What stands beside a view's picture. `lines`: `{of: [ids of node or edge], text, numbers}`; `sources`: numbered from 1."""

    note: str
    lines: Sequence[Mapping[str, Any]]
    sources: Sequence[str]


class Framed(str):
    """A picture's HTML that a notebook shows in a frame without rights."""

    def _repr_html_(self) -> str:
        return f'<iframe srcdoc="{escape(self)}" sandbox="allow-scripts" style="width: 100%; height: 34rem; border: 0"></iframe>'


def draw(center: Node, nodes: Iterable[Node], edges: Iterable[Edge], ontology: Ontology, lang: str = "zh", synthetic: bool = False) -> str:
    """One HTML text. `nodes` are what `center` is related to (repeats are fine); at most 300 are drawn, and it says how many are not.

    `synthetic`: over it stands that nothing in it is a fact.
    """
    every = {n.id: n for n in nodes if n.id != center.id}
    shown = [center, *sorted(list(every.values())[: MOST - 1], key=lambda n: _rank(ontology, n))]
    return _file(center.name, shown, edges, ontology, lang, 1 + len(every) - len(shown), center, synthetic=synthetic)


def draw_view(name: str, nodes: Iterable[Node], edges: Iterable[Edge], ontology: Ontology, lang: str = "zh", said: Said | None = None,
              synthetic: bool = False) -> Framed:  # fmt: skip
    """A view as one HTML text, with what is said and its sources beside it; the first 300 nodes are drawn, and it says how many are not."""
    every = list({n.id: n for n in nodes}.values())
    return Framed(_file(name, every[:MOST], edges, ontology, lang, max(0, len(every) - MOST), None, said, synthetic))


def _file(name: str, shown: Sequence[Node], edges: Iterable[Edge], ontology: Ontology, lang: str, left_out: int, center: Node | None,
          said: Said | None = None, synthetic: bool = False) -> str:  # fmt: skip
    from jinja2 import ChoiceLoader, DictLoader, Environment
    from pyvis.network import Network

    lang = "en" if lang == "en" else "zh"
    ids = {n.id for n in shown}
    lines = sorted({e.id: e for e in edges if e.source in ids and e.target in ids}.values(), key=lambda e: e.id)
    net = Network(directed=True, cdn_resources="in_line")
    net.set_options(json.dumps(OPTIONS))  # constants only: pyvis writes options into the script as they are
    _add_nodes(net, center, shown, ontology, lang)
    _add_edges(net, lines, ontology, lang)
    often = Counter(e.relation for e in lines)
    net.templateEnv = Environment(loader=ChoiceLoader([DictLoader({"picture": PAGE}), net.templateEnv.loader]), autoescape=True)
    net.templateEnv.globals["page"] = {
        "lang": "zh-CN" if lang == "zh" else "en", "title": name, "style": STYLE, "script": SCRIPT, "legend": legend(shown, ontology, lang),
        "dashed": any(e["dashes"] for e in net.edges), "left_out": left_out, "said": said, "synthetic": synthetic,
        "unnamed": ", ".join(f"{getattr(ontology.relations[r], lang)} ×{n}" for r, n in sorted(often.items()) if n > LABELLED),
        "words": _words(left_out, lang)}  # fmt: skip
    net.path = "picture"  # pyvis's own page loads Bootstrap from a CDN and writes hover texts that contain "href" as HTML
    html: str = net.generate_html()
    html = html.replace('content="POLICY"', f'content="{policy(html)}"', 1)
    if found := _REACHES_OUT.search(re.sub(r'<script type="application/json".*?</script>', "", html, flags=re.DOTALL)):
        raise InnochainError(f"the picture would reach out to the network: {found[0]!r}")
    return html


def policy(html: str) -> str:
    """The Content-Security-Policy of a picture: its own scripts and style by hash, nothing else, no request."""

    def hashes(tag: str) -> str:
        found = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        return " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(x.encode()).digest()).decode()}'" for x in found)

    return (f"default-src 'none'; script-src {hashes('script')}; style-src {hashes('style')}; img-src data:; "
            "connect-src 'none'; base-uri 'none'; form-action 'none'")  # fmt: skip


def _add_nodes(net: Any, center: Node | None, shown: Sequence[Node], ontology: Ontology, lang: str) -> None:
    looks = {n.id: look(ontology, n) for n in shown}
    at, heads = arranged(shown, ontology, center)
    for s, (x, y) in heads.items():
        net.add_node(f"stage {s}", label=ontology.stages[s][lang], shape="text", x=x, y=y, fixed=True, physics=False)
    for node in shown:
        color, shape, _, _ = looks[node.id]
        done = node.properties.get("modality", "done") == "done"
        extra: dict[str, Any] = {"size": 24 if node is center else 15}
        if shape in INSIDE:
            extra = {"font": {"color": ink(color), "background": "none", "size": 14 if center else 13}, "margin": 9 if center else 7}
        net.add_node(node.id, label=wrapped(node.name), shape=shape, title=_hover(node, ontology, lang), x=round(at[node.id][0], 1),
                     y=round(at[node.id][1], 1), borderWidth=4 if node is center else 1, shapeProperties={"borderDashes": False if done else [4, 3]},
                     color={"background": color, "border": "#c8a04a" if node is center else color,
                            "highlight": {"background": color, "border": "#c8a04a"}, "hover": {"background": color, "border": "#c8a04a"}}, **extra)


def _add_edges(net: Any, lines: Sequence[Edge], ontology: Ontology, lang: str) -> None:
    beside: dict[tuple[str, ...], int] = {}
    often = Counter(e.relation for e in lines)
    for e in lines:
        relation, pair = ontology.relations[e.relation], tuple(sorted((e.source, e.target)))
        nth = beside[pair] = beside.get(pair, -1) + 1  # parallel relations bow out, or they would lie on one another
        modality = str(e.properties.get("modality", "done"))
        name = getattr(relation, lang) + ("" if modality == "done" else f" · {ontology.modality_labels[modality][lang]}")
        bow = {"smooth": {"enabled": True, "type": "curvedCW", "roundness": round(0.12 * nth, 2)}} if nth else {}
        arrows = {"arrows": {"to": {"enabled": False}}} if relation.symmetric else {}
        net.add_edge(e.source, e.target, id=e.id, title="\n".join([name, *_lines(e.properties, relation.properties, lang)]),
                     dashes=modality != "done", **({"label": name} if often[e.relation] <= LABELLED else {}), **bow, **arrows)


def legend(shown: Sequence[Node], ontology: Ontology, lang: str) -> list[dict[str, str]]:
    met: dict[str, dict[str, str]] = {}
    for node in shown:
        color, shape, _, label = look(ontology, node)
        kind = ontology.kinds[node.kind]
        words = str(kind.types[label][lang]) if label in kind.types else getattr(kind, lang)
        met[label] = {"color": color, "path": SHAPES[shape], "label": words}
    return [met[k] for k in sorted(met)]


def _words(left_out: int, lang: str) -> dict[str, str]:
    if lang == "en":
        return {"closer": "Closer", "further": "Further away", "all": "Show all",
                "dashed": "planned, required or encouraged", "said": "What is said", "sources": "Sources",
                "synthetic": "Synthetic data: nothing here is a fact",
                "every": "Show all", "unnamed": "lines without a name:",
                "left_out": f"{left_out} more are not drawn"}
    return {"closer": "放大", "further": "缩小", "all": "显示全部", "dashed": "计划、要求或鼓励",
            "said": "说了什么", "sources": "出处", "synthetic": "合成数据 Synthetic data：此处没有一条是事实",
            "every": "显示全部", "unnamed": "无字的线：",
            "left_out": f"另有 {left_out} 个未画出"}
