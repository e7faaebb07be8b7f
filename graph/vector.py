"""A view as SVG: the same shapes and colours as on the canvas, names as text; a file of its own that asks for nothing.

Invariant: data reaches the file only as escaped text and as numbers; equal input gives equal bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from graph.ontology import Ontology
from graph.picture import INSIDE, SHAPES, Point, ink, legend, look, wrapped
from graph.store.contract import Edge, Node

EDGE, LINE, SIZE = 60, 15, 1.9  # pixels around the picture, of a line of text, and the size of a sign against the legend's
FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"


def vector(name: str, nodes: Sequence[Node], edges: Sequence[Edge], at: Mapping[str, Point], heads: Sequence[tuple[str, Point]], ontology: Ontology,
           lang: str = "zh", note: str = "") -> str:  # fmt: skip
    """One SVG text. `at`: where each node stands, in pixels; `heads`: headings of the stages; `note`: a line below the legend."""
    nodes = [n for n in nodes if n.id in at]
    met = legend(nodes, ontology, lang)
    xs, ys = [at[n.id][0] for n in nodes] or [0.0], [at[n.id][1] for n in nodes] or [0.0]
    ys += [y for _, (_, y) in heads]
    left, right, top, bottom = min(xs) - 2 * EDGE, max([*xs, min(xs) + 480]) + 2 * EDGE, min(ys) - EDGE - 30, max(ys) + 1.4 * EDGE
    keys, line, column = "", 0, left + 20
    for entry in met:
        wide = 40 + sum(13 if ord(c) > 255 else 7 for c in entry["label"])
        if column + wide > right and column > left + 20:
            line, column = line + 1, left + 20
        keys += (f'<g transform="translate({column:.0f} {bottom + 22 * line:.0f})"><path d="{entry["path"]}" fill="{entry["color"]}"/>'
                 f'<text x="14" y="5">{escape(entry["label"])}</text></g>')  # fmt: skip
        column += wide
    end = bottom + 22 * line + 52
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{right - left:.0f}" height="{end - top:.0f}" '
           f'viewBox="{left:.0f} {top:.0f} {right - left:.0f} {end - top:.0f}" font-family="{FONT}" font-size="13" fill="#20262b">',
           f"<title>{escape(name)}</title>",
           '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
           '<path d="M0 0L8 4L0 8Z" fill="#77808a"/></marker></defs>',
           f'<rect x="{left:.0f}" y="{top:.0f}" width="100%" height="100%" fill="#ffffff"/>',
           f'<text x="{left + 20:.0f}" y="{top + 28:.0f}" font-size="17" font-weight="600">{escape(name)}</text>']  # fmt: skip
    out += [f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="middle" font-size="15" fill="#5d666e">{escape(text)}</text>' for text, (x, y) in heads]
    halves = {n.id: _half(n, ontology) for n in nodes}
    out += [_edge(e, at, halves, ontology, lang) for e in edges if e.source in halves and e.target in halves]
    out += [_node(n, at[n.id], halves[n.id], ontology) for n in nodes]
    out += [keys, f'<text x="{left + 12:.0f}" y="{end - 14:.0f}" font-size="12" fill="#5d666e">{escape(note)}</text>', "</svg>"]
    return "\n".join(out)


def _edge(e: Edge, at: Mapping[str, Point], halves: Mapping[str, Point], ontology: Ontology, lang: str) -> str:
    (x, y), (u, v) = at[e.source], at[e.target]
    wide, high = halves[e.target]
    # the arrow ends at the sign: at the first side of its box that the line meets
    part = min(1.0, wide / abs(u - x) if u != x else 1.0, high / abs(v - y) if v != y else 1.0)
    p = e.properties
    dash = ' stroke-dasharray="7 5"' if p.get("modality", "done") != "done" else "" if p.get("since") or p.get("until") else ' stroke-dasharray="2 3"'
    arrow = "" if ontology.relations[e.relation].symmetric else ' marker-end="url(#a)"'
    word = escape(getattr(ontology.relations[e.relation], lang))
    return (f'<g><title>{word}</title><line x1="{x:.1f}" y1="{y:.1f}" x2="{u - (u - x) * part:.1f}" y2="{v - (v - y) * part:.1f}" '
            f'stroke="#77808a" stroke-width="1.2"{dash}{arrow}/></g>')  # fmt: skip


def _half(n: Node, ontology: Ontology) -> Point:
    """Half the width and height of a node's sign; names stand inside a box."""
    if look(ontology, n)[1] not in INSIDE:
        return 17.0, 17.0
    lines = wrapped(n.name).split("\n")
    return 11 + max(sum(13.5 if ord(c) > 255 else 7.5 for c in t) for t in lines) / 2, 6 + LINE * len(lines) / 2


def _node(n: Node, place: Point, half: Point, ontology: Ontology) -> str:
    color, shape, _, _ = look(ontology, n)
    lines = wrapped(n.name).split("\n")
    dash = "" if n.properties.get("modality", "done") == "done" else ' stroke="#20262b" stroke-dasharray="3 2"'
    (x, y), (wide, high) = place, half
    if shape in INSIDE:
        sign = f'<rect x="{x - wide:.1f}" y="{y - high:.1f}" width="{2 * wide:.1f}" height="{2 * high:.1f}"'
        sign += f' rx="{high if shape == "ellipse" else 4:.0f}" fill="{color}"{dash}/>'
        first, fill = y - LINE * (len(lines) - 1) / 2 + 4.5, f' fill="{ink(color)}"'
    else:
        sign = f'<path transform="translate({x:.1f} {y:.1f}) scale({SIZE})" d="{SHAPES[shape]}" fill="{color}"{dash}/>'
        first, fill = y + 31, ' paint-order="stroke" stroke="#ffffff" stroke-width="4"'
    text = "".join(f'<tspan x="{x:.1f}" y="{first + LINE * i:.1f}">{escape(t)}</tspan>' for i, t in enumerate(lines))
    return f'<g>{sign}<text text-anchor="middle"{fill}>{text}</text></g>'
