// The side panel: what is selected, with its facts and evidence as the server renders them; and the steps with their Cypher.
import { $, copy, fill, h, t } from "./dom.js";
import { fragment, get, post } from "./asking.js";

const fetched = new Map(); // fragments of this graph version, the last few
let asked = 0;

export async function drawDetail(app) {
  const pane = $("pane-detail"), { state, model } = app, mine = ++asked;
  if (app.selected.size > 1) return fill(pane, ...several(app));
  const id = [...app.selected][0], edge = app.edge && model.edges.get(app.edge);
  if (!(id && model.nodes.has(id)) && !edge) {
    return fill(pane, h("p", { class: "small" }, state.nodes.length ? t("点一个节点或一条线，看它的事实与出处；按住 Ctrl 或 Shift 可选多个。", "Choose a node or a line to read its facts and where they are said; hold Ctrl or Shift to choose several.") : t("还没有选中什么。", "Nothing is chosen yet.")));
  }
  const path = edge ? `/explore/edges/${edge.source}/${edge.id}` : `/explore/nodes/${id}`, key = app.version + path;
  if (pane.dataset.key === key && !edge) return drawRelations(app, id);
  if (!fetched.has(key)) {
    pane.dataset.key = "";
    fill(pane, ...[1, 2, 3, 4, 5, 6].map(() => h("p", { class: "bones" })));
    try { fetched.set(key, await fragment(path)); } catch (e) {
      if (mine === asked) fill(pane, h("p", { class: "trouble", role: "alert" }, e.message), h("button", { type: "button", onclick: () => drawDetail(app) }, t("重试", "Try again")));
      return;
    }
    if (fetched.size > 60) fetched.delete(fetched.keys().next().value);
  }
  if (mine !== asked) return;
  fill(pane, ...fetched.get(key).map((x) => x.cloneNode(true)));
  pane.dataset.key = key;
  pane.scrollTop = 0;
  pane.querySelectorAll("[data-node]").forEach((b) => b.addEventListener("click", () => app.select([b.dataset.node])));
  if (!edge) drawRelations(app, id);
}

/** What can be done with a node, and its relations with how many are not on the canvas yet. */
function drawRelations(app, id) {
  const pane = $("pane-detail"), node = app.model.nodes.get(id), act = (label, run, more = {}) => h("button", { type: "button", class: "plainly", onclick: run, ...more }, label);
  const counts = app.groups(id), left = counts.reduce((sum, g) => sum + g.left, 0), focused = document.activeElement?.dataset?.act;
  fill(pane.querySelector("[data-actions]") ?? h("i"), 
    act(left ? t(`展开 ${Math.min(25, left)} 个`, `Expand ${Math.min(25, left)}`) : t("已全部展开", "All expanded"), () => app.expand(id), { disabled: !left, "data-act": "expand", class: "plainly first" }),
    act(t("收起", "Collapse"), () => app.collapse(id), { "data-act": "collapse" }), act(app.state.pins[id] ? t("松开", "Unpin") : t("钉住", "Pin"), () => app.pin([id]), { "data-act": "pin" }),
    act(t("隐藏", "Hide"), () => app.hide([id]), { "data-act": "hide" }), act(t("移出", "Take off"), () => app.remove([id]), { "data-act": "remove" }),
    act(t("路径起点", "Path from"), () => app.end("from", id), { "aria-pressed": String(app.state.from === id), "data-act": "from" }), act(t("路径终点", "Path to"), () => app.end("to", id), { "aria-pressed": String(app.state.to === id), "data-act": "to" }),
    act(t("只看它", "Only this"), () => app.step(t("只看", "Only"), { nodes: [id], pins: {}, hide: [] }, { about: node.name }), { "data-act": "only" }));
  fill(pane.querySelector("[data-relations]") ?? h("i"), counts.length ? h("ul", { class: "relations" }, counts.map((g) => h("li", {},
    h("span", { "aria-hidden": "true", class: "arrow" }, { in: "←", out: "→", any: "↔" }[g.direction]), h("span", { class: "name" }, g.label),
    h("span", { class: "count" }, `${g.on}/${g.total}`),
    g.left ? h("button", { type: "button", class: "plainly", "data-act": g.relation + g.direction, "aria-label": t(`${g.label}：再加 ${Math.min(25, g.left)} 个，共剩 ${g.left} 个`, `${g.label}: ${Math.min(25, g.left)} more of ${g.left} left`), onclick: () => app.expand(id, g) }, `+${g.left}`) : null)))
    : h("p", { class: "small" }, app.counted.has(id) ? t("在当前筛选下没有关系；可放宽实现程度、日期或可信度。", "No relations under this filter; allow other modalities, dates or confidence.") : t("正在数……", "Counting…")));
  if (focused && pane.contains(pane.querySelector(`[data-act="${focused}"]`)) && document.activeElement === document.body) pane.querySelector(`[data-act="${focused}"]`).focus();
}

function several(app) {
  const ids = [...app.selected].filter((i) => app.model.nodes.has(i)), pane = $("pane-detail"), out = h("div", { id: "together" });
  pane.dataset.key = "";
  const name = (i) => app.model.nodes.get(i).name;
  return [h("h2", {}, t(`选中 ${ids.length} 个`, `${ids.length} chosen`)),
    h("p", { class: "acts" }, h("button", { type: "button", class: "plainly first", id: "common", onclick: () => common(app, ids, out) }, t("共同邻居", "Common neighbours")),
      h("button", { type: "button", class: "plainly first", id: "between", onclick: () => app.paths.between(ids) }, ids.length === 2 ? t("两者之间的路径", "Paths between") : t("彼此之间的路径", "Paths between all")),
      h("button", { type: "button", class: "plainly", onclick: () => app.pin(ids) }, t("钉住", "Pin")), h("button", { type: "button", class: "plainly", onclick: () => app.hide(ids) }, t("隐藏", "Hide")),
      h("button", { type: "button", class: "plainly", onclick: () => app.remove(ids) }, t("移出", "Take off"))),
    h("ul", { class: "plain" }, ids.map((i) => h("li", {}, h("button", { type: "button", class: "linklike", onclick: () => app.select([i]) }, name(i))))), out];
}

async function common(app, ids, out) {
  fill(out, h("p", { class: "bones" }), h("p", { class: "bones" }));
  if (ids.length > 50) return fill(out, h("p", { class: "small" }, t("最多比较 50 个节点；请少选一些。", "At most 50 nodes can be compared; choose fewer.")));
  try {
    const query = app.filter(), found = (await post("/views/common-neighbours", query, { nodes: ids })).items;
    app.log(t("共同邻居", "Common neighbours"), ids.map((i) => app.model.nodes.get(i)?.name).join(t("、", ", ")), [["POST", "/views/common-neighbours", String(query), { nodes: ids }]]);
    const fresh = found.filter((r) => !app.state.nodes.includes(r.neighbour.id));
    fill(out, h("h3", {}, t(`共同邻居 ${found.length} 个`, `${found.length} common neighbours`)),
      found.length ? h("ul", { class: "relations" }, found.map((r) => h("li", {}, h("span", { class: "name" }, r.neighbour.name), h("span", { class: "count", title: t("被几个共有", "shared by") }, `${r.shared}/${ids.length}`),
        app.state.nodes.includes(r.neighbour.id) ? h("span", { class: "small" }, t("已在画布", "on canvas")) : h("button", { type: "button", class: "plainly", onclick: (e) => { app.add([r.neighbour.id], t("加入", "Add"), r.neighbour.name, null, true); e.target.replaceWith(t("已加入", "added")); } }, t("加入", "Add")))))
        : h("p", { class: "small" }, t("在当前筛选下没有共同邻居。", "No common neighbours under this filter.")),
      fresh.length > 1 ? h("button", { type: "button", id: "add-common", onclick: () => app.add(fresh.map((r) => r.neighbour.id), t("加入共同邻居", "Add common neighbours"), "", null, true) }, t(`加入全部 ${fresh.length} 个`, `Add all ${fresh.length}`)) : null);
  } catch (e) { fill(out); app.trouble(e, () => common(app, ids, out)); }
}

// ---- steps

export function drawSteps(app) {
  fill($("pane-steps"), h("p", { class: "small" }, t("本次打开以来的每一步；展开一步可看当时所用的查询语句（Cypher），可在 Neo4j 中照样运行。", "Every step since this page was opened; open one to see the Cypher behind it, as it runs in Neo4j too.")),
    h("ol", { class: "log" }, app.steps.map((s) => {
      const body = h("div", {}), line = h("details", {}, h("summary", {}, `${s.label}${s.about ? t("：", ": ") + s.about : ""}`), body);
      line.addEventListener("toggle", () => { if (line.open && !body.childNodes.length) explain(s, body); });
      return h("li", {}, line);
    })));
}

/** Asks again what a step asked, this time for its Cypher. */
async function explain(step, body) {
  if (!step.requests.length) return fill(body, h("p", { class: "small" }, t("这一步没有查询：只改变了画布上的显示。", "Nothing was asked: only what is shown changed.")));
  fill(body, h("p", { class: "bones" }));
  try {
    const made = [];
    for (const [method, path, query, sent] of step.requests) {
      const q = new URLSearchParams(query); q.set("explain", "cypher");
      const found = method === "POST" ? await post(path, q, sent) : await get(path, q);
      made.push(h("p", { class: "small" }, h("code", {}, `${method} /api/v1${path}${query ? "?" + query : ""}`)));
      for (const c of [found.cypher ?? []].flat()) {
        const text = `${c.text}\n\n// ${JSON.stringify(c.parameters)}`;
        made.push(h("pre", { class: "cypher-text", tabindex: "0" }, text), h("button", { type: "button", class: "plainly", onclick: () => copy(text) }, t("复制", "Copy")));
      }
    }
    fill(body, ...made);
  } catch (e) { fill(body, h("p", { class: "trouble", role: "alert" }, e.message), h("button", { type: "button", onclick: () => explain(step, body) }, t("重试", "Try again"))); }
}
