// The canvas: vis-network, told what to draw. It keeps no state of its own but what a hand is doing on it.
// Measured on it: every style it sets goes through the CSSOM, so the pages' policy needs no exception; its hover box writes text, not markup.
/* global vis */
import { h, t } from "./dom.js";

const INSIDE = new Set(["box", "ellipse", "database"]); // vis-network writes the label of these shapes inside them
const SETTLES = 220, MOVED = 120; // milliseconds of a move, and nodes that may glide: more are put in place at once
const MANY = 1000; // lines beyond which they are left out while a hand drags or zooms
const NARROW = 500; // pixels of a phone held upright
const calm = matchMedia("(prefers-reduced-motion: reduce)");

const UNIT = /[(（《“]?(?:[0-9A-Za-z.]{1,16}|.)[)）》”，、。]?/gsu; // stays on one line

/** A label in lines of `width` half-width columns, cut with … after `lines`: as the server wraps it for the other pictures. */
export function wrapped(text, width = 20, lines = 3) {
  const out = [""];
  let used = 0;
  for (const unit of text.match(UNIT) ?? []) {
    const wide = [...unit].reduce((sum, c) => sum + (c.codePointAt(0) > 0x2e7f ? 2 : 1), 0);
    if (used + wide > width) {
      if (out.length === lines) { out[lines - 1] = [...out[lines - 1]].slice(0, -1).join("") + "…"; return out.join("\n"); }
      out.push(""); used = 0;
    }
    out[out.length - 1] += unit; used += wide;
  }
  return out.join("\n");
}

function ink(color) {
  const [r, g, b] = [1, 3, 5].map((i) => parseInt(color.slice(i, i + 2), 16) / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const light = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (light + 0.05) / 0.06 > 1.05 / (light + 0.05) ? "#16191c" : "#ffffff";
}

export class Canvas {
  /** `on`: select(ids, edge, added), expand(id), moved({id: [x, y]}). */
  constructor(box, ontology, on) {
    Object.assign(this, { box, ontology, on, nodes: new vis.DataSet(), edges: new vis.DataSet(), drawn: new Map(), scene: null, gliding: 0 });
    this.colours();
    this.band = box.previousElementSibling; // the stages' names, above the canvas: no line crosses them; there from the start, so that nothing moves
    this.net = new vis.Network(box, { nodes: this.nodes, edges: this.edges }, this.options());
    this.net.on("click", (e) => this.clicked(e));
    this.net.on("doubleClick", (e) => { if (e.nodes.length) on.expand(e.nodes[0]); });
    this.net.on("hold", (e) => { const id = this.net.getNodeAt(e.pointer.DOM); if (id) on.select([String(id)], "", true); }); // a finger has no Ctrl
    this.net.on("dragEnd", (e) => { if (e.nodes.length) on.moved(this.net.getPositions(e.nodes)); });
    this.net.on("beforeDrawing", (ctx) => this.behind(ctx));
    this.net.on("afterDrawing", (ctx) => { this.before(ctx); this.follow(); });
    this.net.on("resize", (e) => { if (this.scene && e.oldWidth && e.width !== e.oldWidth && Math.min(e.width, e.oldWidth) < NARROW) setTimeout(() => this.fit(), 60); }); // a phone was turned; vis-network puts its own view back first
    this.net.on("hoverNode", () => { box.style.cursor = "pointer"; });
    this.net.on("blurNode", () => { box.style.cursor = ""; });
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
      this.colours(); this.net.setOptions(this.options()); this.drawn.clear(); if (this.scene) this.draw(this.scene);
    });
  }

  colours() {
    const css = getComputedStyle(document.documentElement), of = (x) => css.getPropertyValue(x).trim();
    this.css = { ink: of("--ink"), soft: of("--soft"), paper: of("--paper"), line: of("--line"), accent: of("--accent"), card: of("--card"), faint: of("--faint") };
    this.font = getComputedStyle(document.body).fontFamily;
  }

  options() {
    const { ink: dark, soft, paper, accent } = this.css;
    return {
      physics: { enabled: false }, layout: { randomSeed: 1, improvedLayout: false }, autoResize: true,
      interaction: { hover: true, multiselect: true, selectConnectedEdges: false, tooltipDelay: 350, keyboard: { enabled: true, bindToWindow: false } },
      nodes: { size: 15, borderWidth: 1, borderWidthSelected: 3, font: { size: 15, face: this.font, color: dark, background: paper }, shadow: false },
      edges: { smooth: false, width: 1.2, selectionWidth: 1.6, hoverWidth: 0.4, color: { color: soft, opacity: 0.55, highlight: accent, hover: dark },
        arrows: { to: { enabled: true, scaleFactor: 0.5 } }, font: { size: 11, face: this.font, color: soft, strokeWidth: 4, strokeColor: paper, align: "middle" } },
    };
  }

  /** Draws a scene: {nodes, edges, at, heads, pins, selected: Set, edge, path: {nodes, edges}|null, dim: Set, more: Map, undated(edge)}. */
  draw(scene) {
    this.scene = scene;
    this.band.replaceChildren(...scene.heads.map((x) => h("span", {}, x.text)));
    this.band.hidden = scene.nodes.length > 0 && !scene.heads.length;
    const many = scene.edges.length > MANY;
    if (many !== Boolean(this.many)) { this.many = many; this.net.setOptions({ interaction: { hideEdgesOnDrag: many, hideEdgesOnZoom: many } }); }
    const nodes = scene.nodes.map((n) => this.node(n, scene)), edges = this.lines(scene);
    const moves = this.change(this.nodes, nodes, "n");
    this.change(this.edges, edges, "e");
    if (moves.length) this.glide(moves);
    const ids = [...scene.selected].filter((i) => this.nodes.get(i));
    this.net.setSelection({ nodes: ids, edges: scene.edge && this.edges.get(scene.edge) ? [scene.edge] : [] }, { highlightEdges: false });
    this.net.redraw();
  }

  /** Writes only what differs; gives what stands elsewhere than before. */
  change(set, wanted, kind) {
    const held = new Set(wanted.map((x) => x.id)), gone = set.getIds().filter((i) => !held.has(i)), changed = [], moves = [];
    for (const x of wanted) {
      const key = kind + x.id, text = JSON.stringify(x), before = this.drawn.get(key);
      if (before === text) continue;
      if (before && kind === "n") {
        const was = this.net.getPosition(x.id);
        if (Math.abs(was.x - x.x) + Math.abs(was.y - x.y) > 1) { moves.push([x.id, was.x, was.y, x.x, x.y]); x.x = was.x; x.y = was.y; }
      }
      this.drawn.set(key, text);
      changed.push(x);
    }
    for (const i of gone) this.drawn.delete(kind + i);
    if (gone.length) set.remove(gone);
    if (changed.length) set.update(changed);
    return moves;
  }

  glide(moves) {
    const mine = ++this.gliding, put = (part) => {
      for (const [i, x, y, u, v] of moves) if (this.nodes.get(i)) this.net.moveNode(i, x + (u - x) * part, y + (v - y) * part);
    };
    if (calm.matches || moves.length > MOVED) return put(1);
    const began = performance.now(), frame = (now) => {
      if (mine !== this.gliding) return put(1);
      const part = Math.min(1, (now - began) / SETTLES);
      put(1 - (1 - part) ** 3);
      if (part < 1) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  node(n, scene) {
    const { ontology, css } = this, look = ontology.kinds[scene.label(n)], [x, y] = scene.at[n.id];
    const on = scene.path?.nodes.has(n.id), faint = scene.dim.has(n.id) || (scene.path && !on), done = (n.properties.modality ?? "done") === "done";
    const border = on ? css.accent : done ? look.color : css.ink;
    const inside = INSIDE.has(look.shape);
    return { id: n.id, label: wrapped(n.name), shape: look.shape, x, y, opacity: faint ? 0.28 : 1, size: 15,
      title: [n.name, look.label + (done ? "" : ` · ${ontology.modalities[n.properties.modality]}`), t("双击展开", "double-click to expand")].join("\n"),
      borderWidth: on ? 4 : 1, borderWidthSelected: 4, shapeProperties: { borderDashes: done ? false : [4, 3] },
      color: { background: look.color, border, highlight: { background: look.color, border: css.accent }, hover: { background: look.color, border: css.accent } },
      font: inside ? { size: 13, color: ink(look.color), background: "none" } : { size: 15, color: faint ? css.faint : css.ink, background: css.paper }, margin: 7,
      physics: !scene.pins[n.id], fixed: false };
  }

  lines(scene) {
    const { ontology, css } = this, beside = new Map(), few = scene.edges.length <= 14;
    const near = scene.edges.filter((e) => scene.selected.has(e.source) || scene.selected.has(e.target)).length; // more names than that would lie on one another
    return scene.edges.map((e) => {
      const relation = ontology.relations[e.relation], pair = [e.source, e.target].sort().join(), nth = (beside.get(pair) ?? -1) + 1;
      beside.set(pair, nth); // parallel relations bow out, or they would lie on one another
      const modality = e.properties.modality ?? "done", on = scene.path?.edges.has(e.id), touched = scene.selected.has(e.source) || scene.selected.has(e.target);
      const name = relation.label + (modality === "done" ? "" : ` · ${ontology.modalities[modality]}`), faint = scene.path && !on;
      const dashes = modality !== "done" ? [7, 5] : scene.undated(e) ? [2, 3] : false;
      return { id: e.id, from: e.source, to: e.target, dashes, title: name, label: on || few || (touched && near <= 9) ? name : " ",
        width: on ? 4 : touched ? 1.8 : 1.2, color: { color: on ? css.accent : touched ? css.ink : css.soft, opacity: faint ? 0.12 : on || touched ? 0.95 : 0.5, highlight: css.accent, hover: css.ink },
        arrows: { to: { enabled: !relation.symmetric, scaleFactor: 0.5 } }, font: { vadjust: this.covered(e, scene) ? -27 : 0 },
        smooth: nth ? { enabled: true, type: "curvedCW", roundness: Math.round(12 * nth) / 100 } : false };
    });
  }

  /** Would a box, which is drawn over the lines, lie on the middle of this short and level one? Its name then stands above. */
  covered({ source, target }, scene) {
    const [a, b] = [scene.at[source], scene.at[target]];
    if (!a || !b || Math.abs(a[1] - b[1]) >= 20 || Math.abs(a[0] - b[0]) >= 180) return false;
    return scene.nodes.some((n) => (n.id === source || n.id === target) && INSIDE.has(this.ontology.kinds[scene.label(n)].shape));
  }

  /** A line between what stands at a stage and what stands beside the chain, above it. */
  behind(ctx) {
    const heads = this.scene?.heads ?? [], at = Object.values(this.scene?.at ?? {});
    if (!heads.length || this.physics || !at.some((p) => p[1] < heads[0].y)) return;
    const xs = [...at.map((p) => p[0]), ...heads.map((x) => x.x)];
    ctx.save();
    ctx.strokeStyle = this.css.line; ctx.setLineDash([2, 6]);
    ctx.beginPath(); ctx.moveTo(Math.min(...xs) - 80, heads[0].y); ctx.lineTo(Math.max(...xs) + 80, heads[0].y); ctx.stroke();
    ctx.restore();
  }

  /** The names of the stages over their columns, wherever these have gone; each as wide as there is room. */
  follow() {
    const heads = this.scene?.heads ?? [], whole = this.box.clientWidth, at = heads.map((x) => this.net.canvasToDOM({ x: x.x, y: 0 }).x);
    [...this.band.children].forEach((span, n) => {
      const room = Math.min(...at.filter((_, m) => m !== n).map((x) => Math.abs(x - at[n])), 260);
      const left = at[n] < 0 || at[n] > whole ? at[n] - room / 2 : Math.max(0, Math.min(whole - room, at[n] - room / 2)); // cut at no edge while its column is in sight
      span.style.transform = `translateX(${Math.round(left)}px)`; span.style.width = `${Math.round(room)}px`;
    });
  }

  /** In a picture there is nothing above the canvas: the names stand in it, each on a piece of paper of its own. */
  headed(ctx) {
    ctx.save();
    ctx.font = `600 15px ${this.font}`; ctx.textAlign = "center"; ctx.textBaseline = "middle";
    for (const { text, x, y } of this.scene.heads) {
      const wide = ctx.measureText(text).width + 16;
      ctx.fillStyle = this.css.paper; ctx.fillRect(x - wide / 2, y - 13, wide, 26);
      ctx.fillStyle = this.css.soft; ctx.fillText(text, x, y);
    }
    ctx.restore();
  }

  /** "+12": what hangs on a node and is not on the canvas; a dot: pinned. */
  before(ctx) {
    this.badges = [];
    if (!this.scene || this.net.getScale() < 0.42) return;
    ctx.save();
    ctx.font = `11px ${this.font}`; ctx.textAlign = "center"; ctx.textBaseline = "middle";
    for (const n of this.scene.nodes) {
      const more = this.scene.more.get(n.id) ?? 0, pinned = this.scene.pins[n.id];
      if (!more && !pinned) continue;
      const { x, y } = this.net.getPosition(n.id), box = INSIDE.has(this.ontology.kinds[this.scene.label(n)].shape) ? this.net.getBoundingBox(n.id) : { right: x + 14, top: y - 16 };
      if (more) {
        const text = more > 999 ? "+999" : "+" + more, wide = 9 + 6.2 * text.length, left = box.right - 6, top = box.top - 5;
        ctx.globalAlpha = this.scene.dim.has(n.id) ? 0.4 : 1;
        ctx.fillStyle = this.css.card; ctx.strokeStyle = this.css.line;
        ctx.beginPath(); ctx.roundRect(left, top, wide, 15, 7.5); ctx.fill(); ctx.stroke();
        ctx.fillStyle = this.css.soft; ctx.fillText(text, left + wide / 2, top + 8);
        this.badges.push({ id: n.id, left, top, right: left + wide, bottom: top + 15 });
      }
      if (pinned) { ctx.fillStyle = this.css.accent; ctx.beginPath(); ctx.arc(x - 15, y - 13, 4, 0, 7); ctx.fill(); }
    }
    ctx.restore();
  }

  clicked(e) {
    const { x, y } = e.pointer.canvas, badge = this.badges?.find((b) => x >= b.left && x <= b.right && y >= b.top && y <= b.bottom);
    if (badge) return this.on.expand(badge.id);
    const added = e.event.srcEvent.ctrlKey || e.event.srcEvent.metaKey || e.event.srcEvent.shiftKey;
    this.on.select(e.nodes.length ? [String(this.net.getNodeAt(e.pointer.DOM) ?? e.nodes[0])] : [], e.nodes.length ? "" : String(e.edges[0] ?? ""), added);
  }

  /** All of it in sight, columns too; with `near`, only when one of these is out of sight. */
  fit(near, all = false) {
    const ids = this.nodes.getIds(), { clientWidth: wide, clientHeight: high } = this.box, narrow = wide < NARROW;
    if (!ids.length || (near && !narrow && near.every((i) => this.sees(i)))) return;
    const at = Object.values(this.scene.at), xs = [...at.map((p) => p[0]), ...this.scene.heads.map((p) => p.x)], ys = at.map((p) => p[1]);
    const left = Math.min(...xs) - 85, right = Math.max(...xs) + 85, top = Math.min(...ys) - 34, bottom = Math.max(...ys) + 62;
    const across = Math.min(1.1, wide / (right - left)), whole = Math.min(across, high / (bottom - top));
    const scale = narrow && !all ? across : whole; // on a phone names must be read: all columns, and the rows from the first one down
    const y = scale > whole ? top + high / scale / 2 : (top + bottom) / 2;
    this.net.moveTo({ position: { x: (left + right) / 2, y }, scale, animation: calm.matches || !near ? false : { duration: 260, easingFunction: "easeOutQuad" } });
  }

  sees(id) {
    if (!this.nodes.get(id)) return true;
    const { x, y } = this.net.canvasToDOM(this.net.getPosition(id));
    return x > 20 && y > 20 && x < this.box.clientWidth - 20 && y < this.box.clientHeight - 20;
  }

  show(id) { if (this.nodes.get(id) && !this.sees(id)) this.net.moveTo({ position: this.net.getPosition(id), animation: !calm.matches && { duration: 220, easingFunction: "easeOutQuad" } }); }

  /** Lets forces place the nodes, then holds them still; gives the positions. Pinned ones stay. */
  force() {
    this.physics = true;
    const pinned = Object.keys(this.scene.pins);
    this.nodes.update(pinned.map((id) => ({ id, fixed: true })));
    return new Promise((done) => {
      this.net.once("stabilizationIterationsDone", () => {
        this.net.setOptions({ physics: { enabled: false } });
        this.nodes.update(pinned.map((id) => ({ id, fixed: false })));
        this.physics = false;
        done(this.net.getPositions());
      });
      this.net.setOptions({ physics: { enabled: true, solver: "forceAtlas2Based", stabilization: { enabled: true, iterations: this.nodes.length > 200 ? 120 : 250, fit: false },
        forceAtlas2Based: { gravitationalConstant: -90, springLength: 110, avoidOverlap: 0.4 } } });
      this.net.stabilize();
    });
  }

  /** The whole view as a PNG, with its name and its legend, on the page's colours. */
  async png(name, legend, shapes, note) {
    const ids = this.nodes.getIds(), boxes = ids.map((i) => this.net.getBoundingBox(i));
    const left = Math.min(...boxes.map((b) => b.left)) - 60, right = Math.max(...boxes.map((b) => b.right)) + 60;
    const top = Math.min(...boxes.map((b) => b.top), ...this.scene.heads.map((x) => x.y - 20)) - 40, bottom = Math.max(...boxes.map((b) => b.bottom)) + 40;
    const scale = Math.min(2, 7000 / (right - left), 7000 / (bottom - top)), wide = Math.max(700, Math.round((right - left) * scale)), high = Math.round((bottom - top) * scale);
    const host = h("div", { class: "offscreen" });
    Object.assign(host.style, { width: wide + "px", height: high + "px" });
    document.body.append(host);
    const held = this.net.getPositions();
    const copy = new vis.Network(host, { nodes: new vis.DataSet(this.nodes.get().map((n) => ({ ...n, ...held[n.id] }))), edges: new vis.DataSet(this.edges.get()) },
      { ...this.options(), interaction: {}, autoResize: false, width: wide + "px", height: high + "px" });
    copy.on("beforeDrawing", (ctx) => this.behind(ctx));
    copy.on("afterDrawing", (ctx) => this.headed(ctx));
    copy.moveTo({ position: { x: (left + right) / 2, y: (top + bottom) / 2 }, scale, animation: false });
    const source = await new Promise((done) => { copy.once("afterDrawing", () => setTimeout(() => done(host.querySelector("canvas")), 0)); copy.redraw(); });
    const ratio = source.width / wide, out = document.createElement("canvas"), ctx = out.getContext("2d"), u = Math.max(1, 0.9 * scale); // words as large as the names
    const rows = [[]]; let used = 0;
    ctx.font = `${14 * u}px ${this.font}`;
    for (const x of legend) {
      const w = 44 * u + ctx.measureText(x.label).width;
      if (used + w > wide - 40 && used) { rows.push([]); used = 0; }
      rows.at(-1).push([x, used]); used += w;
    }
    out.width = source.width; out.height = source.height + Math.round((96 + 26 * rows.length) * u * ratio);
    ctx.fillStyle = this.css.paper; ctx.fillRect(0, 0, out.width, out.height);
    ctx.drawImage(source, 0, Math.round(52 * u * ratio));
    ctx.scale(ratio * u, ratio * u); ctx.textBaseline = "middle";
    ctx.fillStyle = this.css.ink; ctx.font = `600 20px ${this.font}`; ctx.fillText(name, 24, 30);
    ctx.font = `14px ${this.font}`;
    const below = high / u;
    rows.forEach((row, n) => row.forEach(([x, at]) => {
      ctx.save(); ctx.translate(34 + at / u, 72 + below + 26 * n); ctx.fillStyle = x.color; ctx.fill(new Path2D(shapes[x.shape])); ctx.restore();
      ctx.fillStyle = this.css.ink; ctx.fillText(x.label, 48 + at / u, 73 + below + 26 * n);
    }));
    ctx.fillStyle = this.css.soft; ctx.font = `12px ${this.font}`; ctx.fillText(note, 24, 74 + below + 26 * rows.length);
    copy.destroy(); host.remove();
    return new Promise((done) => out.toBlob(done, "image/png"));
  }
}
