// The explorer put together. The address holds the whole state; every step is an entry of the browser's history, so that
// undo is the back button and a link is a view. What is drawn is a function of that state and of what the service answers.
import { Canvas } from "./canvas.js";
import { $, h, lang, modal, notice, say, t } from "./dom.js";
import { filesMenu } from "./files.js";
import { drawLegend, drawTime } from "./filters.js";
import { KEYS, drawList, listKeys, sayCount } from "./listing.js";
import { drawDetail, drawSteps } from "./panel.js";
import { Paths } from "./paths.js";
import { searchBox } from "./search.js";
import { get, post } from "./asking.js";
import { MOST, address, clean, filterQuery, passes, read } from "./state.js";

const AT_ONCE = 25; // neighbours one expansion brings

class Explorer {
  constructor(ontology) {
    this.ontology = ontology;
    this.state = clean(read(location), ontology);
    this.model = { nodes: new Map(), edges: new Map(), at: {}, heads: [] };
    this.counted = new Map(); this.more = new Map(); this.visible = new Set(); this.shown = []; this.steps = []; this.version = ""; this.forced = null; this.asked = 0; this.incident = new Map();
    this.selected = new Set(); this.edge = "";
    this.notice = notice;
    this.canvas = new Canvas($("canvas"), ontology, { select: (ids, edge, added) => this.select(ids, edge, added), expand: (id) => this.expand(id),
      moved: (at) => this.step(t("移动", "Move"), { pins: { ...this.state.pins, ...Object.fromEntries(Object.entries(at).map(([i, p]) => [i, [Math.round(p.x), Math.round(p.y)]])) } }, { about: Object.keys(at).map((i) => this.model.nodes.get(i)?.name).join(t("、", ", ")) }) });
    this.paths = new Paths(this);
    this.takeSelection();
  }

  // ---- what is known of a node

  label(n) { return this.ontology.types[n.kind]?.find((x) => n.types.includes(x)) ?? n.kind; }
  undated(e) { return !e.properties.since && !e.properties.until; }
  filter() { return filterQuery(this.state); }
  around(id) { return this.shown.filter((e) => e.source === id || e.target === id); }
  title() { const names = this.state.nodes.slice(0, 3).map((i) => this.model.nodes.get(i)?.name).filter(Boolean); return names.join(t("、", ", ")) + (this.state.nodes.length > 3 ? t(` 等 ${this.state.nodes.length} 个节点`, ` and ${this.state.nodes.length - 3} more`) : ""); }
  legendShown() { return Object.entries(this.ontology.kinds).filter(([k]) => [...this.visible].some((i) => this.label(this.model.nodes.get(i)) === k)).map(([, look]) => look); }
  positions() { return Object.fromEntries([...this.visible].map((i) => { const p = this.canvas.net.getPosition(i); return [i, [Math.round(p.x), Math.round(p.y)]]; })); }

  /** A node's relations under the filter: {relation, direction, label, total, on, left}; a symmetric one has no direction. */
  groups(id) {
    const unfiltered = this.allOn ?? { ...this.state, off: [] }, out = new Map(), key = (r, d) => (this.ontology.relations[r].symmetric ? r + " any" : `${r} ${d}`);
    for (const c of this.counted.get(id) ?? []) {
      const k = key(c.relation, c.direction), [relation, direction] = k.split(" "), of = this.ontology.relations[relation];
      const held = out.get(k) ?? { relation, direction, label: direction === "in" ? of.back : of.label, total: 0, on: 0, left: 0 };
      held.total += c.edges; out.set(k, held);
    }
    for (const e of this.incident.get(id) ?? []) {
      if (!passes(e, unfiltered)) continue;
      const held = out.get(key(e.relation, e.source === id ? "out" : "in"));
      if (held) held.on += 1;
    }
    for (const g of out.values()) g.left = Math.max(0, g.total - g.on);
    const order = Object.keys(this.ontology.relations);
    return [...out.values()].sort((a, b) => order.indexOf(a.relation) - order.indexOf(b.relation) || (a.direction < b.direction ? -1 : 1));
  }

  // ---- steps

  /** A step: the state changes, the address with it, and what is drawn follows. */
  async step(label, change, { about = "", requests = null, fit = false, said = true } = {}) {
    const before = this.state, next = clean({ ...before, ...change }, this.ontology);
    if (JSON.stringify(next) === JSON.stringify(before)) return;
    this.state = next;
    if (change.nodes || change.hide) for (const i of [...this.selected]) if (!next.nodes.includes(i)) this.selected.delete(i);
    this.state.sel = [...this.selected][0] ?? "";
    const n = (history.state?.n ?? 0) + 1;
    history.pushState({ n }, "", address(this.state, lang));
    try { sessionStorage.setItem("explore-last", String(n)); } catch { /* private windows may refuse */ }
    const moved = JSON.stringify(next.nodes) !== JSON.stringify(before.nodes) || next.layout !== before.layout;
    await this.refresh(moved, fit ? true : next.nodes.filter((i) => !before.nodes.includes(i)));
    this.log(label, about, requests ?? (moved ? [this.viewRequest()] : []));
    if (said) sayCount(this, about ? `${label}${t("：", ": ")}${about}` : label);
  }

  log(label, about, requests) { this.steps.push({ label, about, requests }); drawSteps(this); }
  viewRequest() { const q = new URLSearchParams(); Object.keys(this.ontology.modalities).forEach((m) => q.append("modalities", m)); return ["POST", "/views", String(q), { nodes: this.state.nodes }]; }

  /** While a slider is held: only what is drawn changes, neither address nor history. */
  preview(change) {
    const waiting = this.previewed;
    this.previewed = change; // a slider tells more often than a screen can show: the last word of a frame is drawn
    return waiting ? this.previewing : (this.previewing = new Promise((done) => requestAnimationFrame(() => {
      const kept = this.state;
      this.state = { ...kept, ...this.previewed };
      this.previewed = null;
      this.derive(); this.paint();
      this.state = kept;
      done();
    })));
  }

  /** Fetches what the canvas holds, draws, then counts what hangs on each node. `seen`: ids to bring into sight, or true for all. */
  async refresh(anew, seen = []) {
    const mine = ++this.asked;
    try {
      if (anew && this.state.nodes.length) {
        this.wait(true);
        const [, path, query, body] = this.viewRequest(), found = await post(path, query, body);
        if (mine !== this.asked) return;
        this.take(found);
      } else if (anew) this.take({ nodes: [], edges: [], positions: {}, headings: [], merged: {}, missing: [], graph_version: this.version });
      this.draw();
      if (anew && this.state.layout === "force" && this.state.nodes.length) await this.settle();
      if (seen === true || seen.length) this.canvas.fit(seen === true ? null : seen);
      notice("trouble", "");
    } catch (e) { if (mine === this.asked) this.trouble(e, () => this.refresh(anew, seen)); return; } finally { if (mine === this.asked) this.wait(false); }
    await this.count(mine);
  }

  /** An answer of /views becomes the model; ids joined into others are replaced, unknown ones said and dropped. */
  take(found) {
    this.model = { nodes: new Map(found.nodes.map((n) => [n.id, n])), edges: new Map(found.edges.map((e) => [e.id, e])), at: found.positions,
      heads: found.headings.map((x) => ({ text: this.ontology.stages[x.stage], x: x.x, y: x.y })) };
    this.incident = new Map();
    for (const e of this.model.edges.values()) for (const i of [e.source, e.target]) { if (!this.incident.has(i)) this.incident.set(i, []); this.incident.get(i).push(e); }
    this.version = found.graph_version || this.version;
    const merged = Object.entries(found.merged);
    if (merged.length || found.missing.length) {
      const now = (i) => found.merged[i] ?? i;
      for (const [old, fresh] of merged) if (this.state.pins[old]) this.state.pins[fresh] = this.state.pins[old];
      this.state = clean({ ...this.state, nodes: this.state.nodes.map(now).filter((i) => this.model.nodes.has(i)), from: now(this.state.from), to: now(this.state.to), sel: now(this.state.sel) }, this.ontology);
      history.replaceState(history.state, "", address(this.state, lang));
      if (found.missing.length) notice("missing", t(`图中已没有 ${found.missing.length} 个节点，未画出：${found.missing.slice(0, 3).join("、")}${found.missing.length > 3 ? " 等" : ""}`, `${found.missing.length} nodes are no longer in the graph and were left out: ${found.missing.slice(0, 3).join(", ")}`));
      if (merged.length) notice("merged", t(`${merged.length} 个标识已并入别的节点，现以新标识显示。`, `${merged.length} ids were joined into others and are shown under the new ones.`));
    }
    if (found.truncated) notice("cut", t("关系太多，只取回了一部分。", "There are too many relations; only a part was fetched."));
    if (this.state.v && this.state.v !== this.version) this.otherVersion();
    else notice("version", "");
  }

  async otherVersion() {
    const { v } = this.state, now = this.version, ok = h("button", { type: "button", class: "plainly", onclick: () => { notice("version", ""); this.step(t("改用当前版本", "Use this version"), { v: "" }); } }, t("改用当前版本", "Use this version"));
    const words = (more) => t(`此链接固定在图谱版本 ${v}，现在打开的是 ${this.version}，内容可能不同${more}。`, `This link is pinned to graph version ${v}; the one open now is ${this.version} and may differ${more}.`);
    notice("version", words(""), ok);
    try {
      const changed = new Set((await get("/changes", new URLSearchParams({ since: v }))).items.map((x) => x.id)), here = [...this.model.nodes.keys(), ...this.model.edges.keys()].filter((i) => changed.has(i)).length;
      if (this.state.v === v && this.version === now) notice("version", words(t(`：画布上有 ${here} 处已变`, `: ${here} things on the canvas have changed`)), ok);
    } catch { /* that version is no longer kept: what is said already holds */ }
  }

  async count(mine) {
    const ids = [...this.model.nodes.keys()];
    if (ids.length) {
      try {
        const found = await post("/views/counts", this.filter(), { nodes: ids });
        if (mine !== this.asked) return;
        this.counted = new Map(Object.entries(found.counts));
      } catch (e) { if (mine === this.asked) notice("counts", t("没有数出各节点还有多少关系：", "How much hangs on each node could not be counted: ") + e.message); return; }
    } else this.counted = new Map();
    this.derive(); this.paint(); this.sides();
  }

  // ---- drawing

  draw() { this.paths.follow(); this.derive(); this.paint(); this.sides(); }

  derive() {
    const { model, state } = this;
    this.visible = new Set(state.nodes.filter((i) => model.nodes.has(i) && !state.off.includes(this.label(model.nodes.get(i)))));
    this.shown = [...model.edges.values()].filter((e) => this.visible.has(e.source) && this.visible.has(e.target) && passes(e, state));
    this.allOn = { ...state, off: [] };
    this.more = new Map([...this.visible].map((i) => [i, this.groups(i).reduce((n, g) => n + g.left, 0)]));
    this.allOn = null;
    const touched = new Set(this.shown.flatMap((e) => [e.source, e.target]));
    this.dim = new Set([...this.visible].filter((i) => { const p = model.nodes.get(i).properties; return (this.incident.has(i) && !touched.has(i)) || (state.as_of && ((p.since && p.since > state.as_of) || (p.until && p.until < state.as_of))); }));
  }

  paint() {
    const { model, state } = this, at = {};
    for (const i of this.visible) at[i] = state.pins[i] ?? (state.layout === "force" ? this.forced?.[i] : null) ?? model.at[i] ?? [0, 0];
    this.canvas.draw({ nodes: [...this.visible].map((i) => model.nodes.get(i)), edges: this.shown, at, heads: state.layout === "chain" ? model.heads : [], pins: state.pins, selected: this.selected, edge: this.edge,
      path: this.paths.lit(), dim: this.dim, more: this.more, label: (n) => this.label(n), undated: (e) => this.undated(e) });
    $("count").textContent = state.nodes.length ? t(`${this.visible.size} 个节点 · ${this.shown.length} 条关系`, `${this.visible.size} nodes · ${this.shown.length} relations`) : "";
    $("canvas").setAttribute("aria-label", t(`画布：${this.visible.size} 个节点，${this.shown.length} 条关系；用“列表”可以键盘操作`, `Canvas: ${this.visible.size} nodes, ${this.shown.length} relations; the list does the same by keys`));
    $("begin").hidden = state.nodes.length > 0;
  }

  sides() {
    drawLegend(this); drawTime(this); drawList(this); drawDetail(this); this.paths.draw();
    const n = history.state?.n ?? 0;
    let last = n;
    try { last = Math.max(n, Number(sessionStorage.getItem("explore-last") ?? 0)); } catch { /* as above */ }
    $("undo").disabled = n < 1; $("redo").disabled = n >= last;
    for (const [id, layout] of [["by-chain", "chain"], ["by-force", "force"]]) $(id).setAttribute("aria-pressed", String(this.state.layout === layout));
    document.querySelectorAll(".lang").forEach((a) => { a.href = address(this.state, lang === "en" ? "zh" : "en"); });
  }

  async settle() {
    const at = await this.canvas.force();
    this.forced = Object.fromEntries(Object.entries(at).map(([i, p]) => [i, [Math.round(p.x), Math.round(p.y)]]));
    this.paint();
  }

  wait(on) { $("waiting").classList.toggle("on", on); $("canvas").setAttribute("aria-busy", String(on)); }
  trouble(e, again) { notice("trouble", e.message ?? String(e), again ? h("button", { type: "button", onclick: () => { notice("trouble", ""); again(); } }, t("重试", "Try again")) : null); }

  // ---- what people do

  select(ids, edge = "", added = false) {
    if (added) for (const i of ids) { if (this.selected.has(i)) this.selected.delete(i); else this.selected.add(i); }
    else this.selected = new Set(ids);
    this.edge = this.selected.size ? "" : edge;
    this.state.sel = [...this.selected][0] ?? this.edge;
    history.replaceState(history.state, "", address(this.state, lang));
    if (ids.length || edge) this.tab($("tab-list").getAttribute("aria-selected") === "true" && $("pane-list").contains(document.activeElement) ? "list" : "detail");
    if (ids.length === 1 && !added) { this.canvas.show(ids[0]); say(this.model.nodes.get(ids[0])?.name ?? ""); }
    else if (added) say(t(`选中 ${this.selected.size} 个`, `${this.selected.size} chosen`));
    this.paint(); drawList(this); drawDetail(this); this.paths.draw();
  }

  takeSelection() {
    const { sel } = this.state;
    this.selected = new Set(sel.includes(":") ? [sel] : []); this.edge = sel.includes(":") ? "" : sel;
  }

  full(n) { notice("full", t(`画布最多 ${MOST} 个节点，还有 ${n} 个没有加入。可先收起、隐藏或移出一些，或另开一张画布。`, `The canvas holds ${MOST} nodes at most; ${n} more were left out. Collapse, hide or take off some first, or begin another canvas.`)); }

  /** Adds nodes as far as there is room. */
  async add(ids, label, about, select = null, fit = false, more = {}) {
    const fresh = [...new Set(ids)].filter((i) => !this.state.nodes.includes(i)), some = fresh.slice(0, Math.max(0, MOST - this.state.nodes.length));
    if (some.length < fresh.length) this.full(fresh.length - some.length);
    if (select) { this.selected = new Set([select]); this.edge = ""; this.tab("detail"); }
    if (!some.length && !Object.keys(more).length) { if (select) this.select([select]); return; }
    await this.step(label, { nodes: [...this.state.nodes, ...some], hide: this.state.hide.filter((i) => !some.includes(i)), ...more }, { about });
    if (select || fit) this.canvas.fit(some);
  }

  /** Brings up to 25 neighbours: of one relation, or a fair share of each that the legend shows. */
  async expand(id, group = null) {
    const name = this.model.nodes.get(id)?.name ?? "", room = Math.min(AT_ONCE, MOST - this.state.nodes.length);
    const wanted = (group ? [group] : this.groups(id).filter((g) => !this.state.off.includes(g.relation))).filter((g) => g.left);
    if (!wanted.length) return say(t("没有更多可展开的。", "There is nothing more to expand."));
    if (room <= 0) return this.full(wanted.reduce((n, g) => n + g.left, 0));
    const share = wanted.map(() => 0);
    for (let given = 0, i = 0; given < room && wanted.some((g, j) => share[j] < g.left); i = (i + 1) % wanted.length) if (share[i] < wanted[i].left) { share[i] += 1; given += 1; }
    this.wait(true);
    try {
      const taken = new Set(this.state.nodes), requests = [], found = [];
      for (const [i, g] of wanted.entries()) if (share[i]) found.push(...await this.some(id, g, share[i], taken, requests));
      if (!found.length) { say(t("其余的已在画布上或已隐藏。", "The rest is on the canvas or hidden.")); return; }
      if (MOST - this.state.nodes.length < AT_ONCE && this.groups(id).reduce((n, g) => n + g.left, 0) > found.length) this.full(this.groups(id).reduce((n, g) => n + g.left, 0) - found.length);
      await this.step(t("展开", "Expand"), { nodes: [...this.state.nodes, ...found] }, { about: `${name}${group ? t(" · ", " · ") + group.label : ""} +${found.length}`, requests: [...requests, this.viewRequest()] });
    } catch (e) { this.trouble(e, () => this.expand(id, group)); } finally { this.wait(false); }
  }

  /** The next few neighbours of one relation that are neither on the canvas nor hidden. */
  async some(id, g, number, taken, requests) {
    const out = [], hidden = new Set(this.state.hide);
    let cursor = null;
    for (let page = 0; page < 6 && out.length < number; page += 1) {
      const q = this.filter();
      q.set("relations", g.relation); q.set("direction", g.direction); q.set("limit", String(Math.min(200, number + g.on + hidden.size)));
      if (!cursor) requests.push(["GET", `/nodes/${id}/neighbours`, String(q), null]); else q.set("cursor", cursor);
      const found = await get(`/nodes/${id}/neighbours`, q);
      for (const { neighbour: n } of found.items) {
        if (out.length < number && !taken.has(n.id) && !hidden.has(n.id) && !this.state.off.includes(this.label(n))) { out.push(n.id); taken.add(n.id); }
      }
      cursor = found.next_cursor;
      if (!cursor) break;
    }
    return out;
  }

  /** Takes away what hangs on a node alone: neighbours with no other relation on the canvas. The first node and pinned ones stay. */
  collapse(id) {
    const others = new Map();
    for (const e of this.model.edges.values()) for (const [a, b] of [[e.source, e.target], [e.target, e.source]]) others.set(a, (others.get(a) ?? new Set()).add(b));
    const gone = [...(others.get(id) ?? [])].filter((i) => others.get(i).size === 1 && i !== this.state.nodes[0] && !this.state.pins[i]);
    if (!gone.length) return say(t("没有只连着它的节点可收。", "Nothing hangs on it alone."));
    return this.remove(gone, t("收起", "Collapse"), `${this.model.nodes.get(id)?.name} −${gone.length}`);
  }

  named(ids) { return ids.slice(0, 3).map((i) => this.model.nodes.get(i)?.name ?? i).join(t("、", ", ")) + (ids.length > 3 ? t(` 等 ${ids.length} 个`, ` and ${ids.length - 3} more`) : ""); }
  without(ids) { return { nodes: this.state.nodes.filter((i) => !ids.includes(i)), pins: Object.fromEntries(Object.entries(this.state.pins).filter(([i]) => !ids.includes(i))) }; }
  remove(ids, label = t("移出", "Take off"), about = this.named(ids)) { return this.step(label, this.without(ids), { about }); }
  hide(ids) { return this.step(t("隐藏", "Hide"), { ...this.without(ids), hide: [...this.state.hide, ...ids] }, { about: this.named(ids) }); }
  unhide() { const back = this.state.hide; return this.add(back, t("取回隐藏的", "Bring back"), `${back.length}`, null, true); }

  pin(ids) {
    const held = ids.every((i) => this.state.pins[i]), pins = { ...this.state.pins };
    for (const i of ids) { if (held) delete pins[i]; else { const p = this.canvas.net.getPosition(i); pins[i] = [Math.round(p.x), Math.round(p.y)]; } }
    return this.step(held ? t("松开", "Unpin") : t("钉住", "Pin"), { pins }, { about: this.named(ids) });
  }

  async end(which, id) { await this.step(which === "from" ? t("路径起点", "Path from") : t("路径终点", "Path to"), { [which]: id, path: -1 }, { about: this.model.nodes.get(id)?.name ?? "" }); if (this.state.from && this.state.to) this.tab("paths"); }

  tab(name, focus = false) {
    document.querySelectorAll("[role=tab]").forEach((b) => { const on = b.id === "tab-" + name; b.setAttribute("aria-selected", String(on)); b.tabIndex = on ? 0 : -1; $("pane-" + b.id.slice(4)).hidden = !on; });
    if (focus) $("pane-" + name).focus();
  }

  async arrived() {
    const before = this.state;
    this.state = clean(read(location), this.ontology);
    this.takeSelection();
    const anew = JSON.stringify(before.nodes) !== JSON.stringify(this.state.nodes) || before.layout !== this.state.layout || before.v !== this.state.v;
    await this.refresh(anew, anew ? this.state.nodes.filter((i) => !before.nodes.includes(i)) : []);
    sayCount(this, t("已恢复", "Restored"));
  }
}

// ---- the page

function wire(app) {
  searchBox(app); filesMenu(app); listKeys(app);
  $("undo").addEventListener("click", () => history.back());
  $("redo").addEventListener("click", () => history.forward());
  $("fit").addEventListener("click", () => app.canvas.fit(null, true));
  $("by-chain").addEventListener("click", () => app.step(t("按创新链布局", "Layout by chain"), { layout: "chain", pins: {} }, { fit: true }));
  $("by-force").addEventListener("click", () => app.step(t("力导向布局", "Layout by force"), { layout: "force", pins: {} }, { fit: true }));
  $("keys").addEventListener("click", () => modal(t("按键", "Keys"), h("p", { class: "small" }, t("“列表”面板与画布同步；先用 Tab 进入列表。", "The list mirrors the canvas; Tab into it first.")), h("dl", { class: "keys" }, KEYS.flatMap(([k, zh, en]) => [h("dt", {}, h("kbd", {}, k)), h("dd", {}, t(zh, en))]))));
  const tabs = [...document.querySelectorAll("[role=tab]")];
  tabs.forEach((b, i) => {
    b.addEventListener("click", () => app.tab(b.id.slice(4)));
    b.addEventListener("keydown", (e) => {
      const to = { ArrowRight: i + 1, ArrowLeft: i - 1, Home: 0, End: tabs.length - 1 }[e.key];
      if (to === undefined) return;
      e.preventDefault();
      const next = tabs[(to + tabs.length) % tabs.length];
      app.tab(next.id.slice(4)); next.focus();
    });
  });
  document.querySelectorAll("[data-begin]").forEach((b) => b.addEventListener("click", async () => {
    try { const [hit] = (await get("/suggest", new URLSearchParams({ q: b.dataset.begin }))).items; if (hit) { await app.add([hit.id], t("加入", "Add"), hit.name, hit.id); await app.expand(hit.id); } } catch (e) { app.trouble(e); }
  }));
  document.addEventListener("keydown", (e) => {
    if (e.target.closest("input, textarea, select") || $("dialog").open || !(e.ctrlKey || e.metaKey) || e.altKey) return;
    if (e.key.toLowerCase() === "z" && !e.shiftKey) { e.preventDefault(); if (!$("undo").disabled) history.back(); }
    else if (e.key.toLowerCase() === "y" || (e.key.toLowerCase() === "z" && e.shiftKey)) { e.preventDefault(); if (!$("redo").disabled) history.forward(); }
  });
  addEventListener("popstate", () => app.arrived());
  addEventListener("hashchange", () => app.arrived());
}

async function begin() {
  $("waiting").classList.add("on");
  try {
    const { default: ontology } = await import(`/explore/ontology.js${lang === "en" ? "?lang=en" : ""}`);
    const app = new Explorer(ontology);
    $("canvas").explorer = app; // for the console and for measurements
    if (!history.state) { history.replaceState({ n: 0 }, ""); try { sessionStorage.setItem("explore-last", "0"); } catch { /* as above */ } }
    wire(app);
    await app.refresh(true, true);
    if (app.state.nodes.length) app.log(t("打开", "Open"), app.title(), [app.viewRequest()]);
    document.body.dataset.ready = "true";
  } catch (e) {
    $("waiting").classList.remove("on");
    notice("trouble", t("探索器没有启动：", "The explorer did not start: ") + e.message, h("button", { type: "button", onclick: () => location.reload() }, t("重新载入", "Reload")));
    throw e;
  }
}
begin();
