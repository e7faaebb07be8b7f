// The path finder: ranked paths between two nodes, or between all of several, listed with why each ranks where it does.
import { $, fill, h, lang, say, sign, t } from "./dom.js";
import { get } from "./asking.js";

const PAIRS = 6; // nodes that paths are sought between, each with each: 15 pairs

export class Paths {
  constructor(app) { Object.assign(this, { app, found: null, busy: false, asked: 0, tried: "" }); }

  name(id) { return this.app.model.nodes.get(id)?.name ?? this.names?.get(id) ?? id; }

  draw() {
    const { app } = this, { state } = app, pane = $("pane-paths");
    const end = (which, label) => h("p", { class: "end" }, h("span", { class: "small" }, label), state[which] ? h("span", { class: "name" }, this.name(state[which])) : h("span", { class: "small" }, t("未选：在画布或列表上选节点后设定", "not set: choose a node, then set it")),
      state[which] ? h("button", { type: "button", class: "plainly", "aria-label": t(`清除${label}`, `Clear ${label}`), onclick: () => app.end(which, "") }, "×") : null);
    const chosen = [...app.selected];
    fill(pane, end("from", t("起点", "From")), end("to", t("终点", "To")),
      chosen.length === 2 && !(state.from && state.to) ? h("p", {}, h("button", { type: "button", onclick: () => this.between(chosen) }, t("用选中的两个", "Use the two chosen"))) : null,
      h("form", { class: "ask-paths", onsubmit: (e) => { e.preventDefault(); this.find(); } },
        h("label", {}, t("最多步数", "Most steps"), " ", h("select", { id: "hops", onchange: (e) => app.step(t("步数", "Steps"), { max_hops: Number(e.target.value), path: -1 }) }, [1, 2, 3, 4, 5, 6, 7, 8].map((n) => h("option", { value: String(n), selected: n === state.max_hops }, String(n))))),
        h("button", { disabled: !(state.from && state.to) || this.busy, id: "find-paths" }, t("查找路径", "Find paths")),
        state.from && state.to ? h("button", { type: "button", class: "plainly", onclick: () => app.step(t("对调", "Swap"), { from: state.to, to: state.from, path: -1 }) }, t("对调", "Swap")) : null),
      ...this.results());
  }

  results() {
    const { app } = this;
    if (this.busy) return [h("p", { class: "bones" }), h("p", { class: "bones" }), h("p", { class: "bones" })];
    if (!this.found) return [h("p", { class: "small" }, t("少经枢纽、证据牢靠、顺着创新链的路径排在前面；查找遵守左侧的日期、可信度与实现程度。", "Few hubs, sound evidence and the order of the chain rank first; dates, confidence and modality on the left apply."))];
    const paths = this.found.paths;
    if (!paths.length) return [h("p", {}, t(`在 ${app.state.max_hops} 步之内没有路径。`, `No path within ${app.state.max_hops} steps.`),
      this.found.instead?.length === 0 ? t("把各项条件都放宽也没有找到。", " Loosening every part of the filter finds none either.") : ""), ...(this.found.instead ?? []).map((x) => this.way(x))];
    return [this.found.truncated ? h("p", { class: "small" }, t("可能还有更多：搜索到达上限。", "There may be more: the search reached its limit.")) : null,
      h("ol", { class: "found" }, paths.map((p, i) => h("li", { class: i === app.state.path ? "on" : null },
        h("button", { type: "button", class: "linklike route", "aria-pressed": String(i === app.state.path), "data-path": String(i), onclick: () => this.take(i) }, this.words(p)),
        h("p", { class: "small" }, p.explained.sentence[lang], p.undated ? t("；含未注日期的关系", "; with undated relations") : "")))),
      h("p", { class: "acts" }, h("button", { type: "button", class: "plainly", id: "all-paths", onclick: () => this.addAll() }, t("全部加到画布", "Add all to the canvas")),
        app.state.path >= 0 ? h("button", { type: "button", class: "plainly", onclick: () => app.step(t("不再突出", "No highlight"), { path: -1 }) }, t("不再突出", "No highlight")) : null)];
  }

  /** What loosening a part of the filter finds; relations are no part of a view's state, so those lead to the page of paths. */
  way({ query, ...said }) {
    const { app } = this, { from, to } = app.state, part = { ...query, ...("as_of" in query ? { as_of: query.as_of ?? "" } : {}) }, words = t("按此放宽", "Loosen it so");
    const q = this.query(from, to, 10);
    for (const [k, v] of Object.entries(part)) { q.delete(k); for (const one of [v].flat()) if (one) q.append(k, String(one)); }
    if (lang === "en") q.set("lang", "en");
    return h("p", { class: "acts" }, said[lang], " ", "relations" in query ? h("a", { href: `/paths?${q}` }, words)
      : h("button", { type: "button", class: "plainly first", "data-loosen": Object.keys(query).join(), onclick: async () => { await app.step(t("放宽", "Loosen"), { ...part, path: -1 }); this.find(); } }, words));
  }

  words(p) {
    const { ontology } = this.app, edges = new Map(this.found.edges.map((e) => [e.id, e])), out = [];
    p.nodes.forEach((id, i) => {
      const node = this.found.nodes.find((n) => n.id === id);
      out.push(sign(ontology.kinds[this.app.label(node)], ontology.shapes), h("b", {}, node.name));
      if (i < p.edges.length) {
        const e = edges.get(p.edges[i]), r = ontology.relations[e.relation];
        out.push(h("span", { class: "verb" }, r.symmetric ? ` — ${r.label} — ` : e.source === id ? ` —${r.label}→ ` : ` ←${r.label}— `));
      }
    });
    return out;
  }

  query(from, to, k) {
    const { state } = this.app, q = this.app.filter();
    q.set("from", from); q.set("to", to); q.set("max_hops", String(state.max_hops)); q.set("k", String(k));
    return q;
  }

  /** Finds the paths between the two ends of the state; `restored` keeps the picked one. */
  async find(restored = false) {
    const { app } = this, { from, to } = app.state, mine = ++this.asked;
    if (!from || !to) return;
    this.busy = true; this.tried = this.key();
    this.draw();
    try {
      const found = await get("/paths", this.query(from, to, 10));
      if (mine !== this.asked) return;
      this.keep(found);
      if (!restored) app.log(t("查找路径", "Find paths"), `${this.name(from)} → ${this.name(to)}`, [["GET", "/paths", String(this.query(from, to, 10)), null]]);
      say(t(`找到 ${found.paths.length} 条路径`, `${found.paths.length} paths found`));
      if (!restored && found.paths.length) await this.take(0);
    } catch (e) { if (mine === this.asked) { this.found = null; app.trouble(e, () => this.find(restored)); } }
    finally { if (mine === this.asked) { this.busy = false; this.draw(); if (restored) app.draw(); } }
  }

  key() { const { from, to, max_hops } = this.app.state; return [from, to, max_hops, String(this.app.filter())].join("|"); }

  keep(found) { this.found = found; this.names = new Map(found.nodes.map((n) => [n.id, n.name])); }

  /** Puts a path on the canvas and sets it off from the rest. */
  async take(i) {
    const p = this.found.paths[i];
    await this.app.add(p.nodes, t("路径", "Path"), p.nodes.map((n) => this.name(n)).join(" – "), null, true, { path: i });
  }

  addAll() { return this.app.add([...new Set(this.found.paths.flatMap((p) => p.nodes))], t("加入全部路径", "Add all paths"), "", null, true); }

  /** Paths between each two of some nodes; with two, the finder's own. */
  async between(ids) {
    const { app } = this;
    app.tab("paths");
    if (ids.length === 2) { await app.step(t("路径两端", "Ends of a path"), { from: ids[0], to: ids[1], path: -1 }); return this.find(); }
    const some = ids.slice(0, PAIRS), mine = ++this.asked, all = { nodes: new Map(), edges: new Map(), paths: [], truncated: ids.length > PAIRS }, requests = [];
    if (ids.length > PAIRS) app.notice("pairs", t(`一次最多在 ${PAIRS} 个节点之间找路径，取前 ${PAIRS} 个。`, `Paths are sought between ${PAIRS} nodes at most; the first ${PAIRS} are taken.`));
    this.busy = true;
    await app.step(t("路径两端", "Ends of a path"), { from: "", to: "", path: -1 });
    try {
      for (let a = 0; a < some.length; a += 1) for (let b = a + 1; b < some.length; b += 1) {
        const q = this.query(some[a], some[b], 2), found = await get("/paths", q);
        if (mine !== this.asked) return;
        requests.push(["GET", "/paths", String(q), null]);
        found.nodes.forEach((n) => all.nodes.set(n.id, n)); found.edges.forEach((e) => all.edges.set(e.id, e));
        all.paths.push(...found.paths); all.truncated ||= found.truncated;
      }
      all.paths.sort((p, q) => q.score - p.score);
      this.keep({ ...all, nodes: [...all.nodes.values()], edges: [...all.edges.values()] });
      app.log(t("彼此之间的路径", "Paths between all"), some.map((i) => this.name(i)).join(t("、", ", ")), requests);
      say(t(`找到 ${all.paths.length} 条路径`, `${all.paths.length} paths found`));
    } catch (e) { app.trouble(e, () => this.between(ids)); }
    finally { if (mine === this.asked) { this.busy = false; this.draw(); } }
  }

  /** What is set off on the canvas. */
  lit() {
    const p = this.found?.paths[this.app.state.path];
    return p ? { nodes: new Set(p.nodes), edges: new Set(p.edges) } : null;
  }

  /** After the state changed by address or filter: paths of other ends or another filter no longer hold. */
  follow() {
    const { from, to, path } = this.app.state;
    if (from && to && path >= 0 && this.tried !== this.key()) this.find(true);
    else if (this.tried && from && to && this.tried !== this.key()) { this.found = null; this.tried = ""; }
  }
}
