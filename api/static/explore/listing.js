// The canvas as a list: everything that can be done there by hand can be done here by keys.
import { $, fill, h, say, sign, t } from "./dom.js";

export const KEYS = [
  ["/", "到搜索框", "to the search box"], ["↑ ↓ Home End", "在列表中移动", "move in the list"], ["Enter", "看详情", "show details"], [t("空格", "Space"), "选中多个", "select several"],
  ["E", "展开（至多 25 个）", "expand (25 at most)"], ["C", "收起只连着它的节点", "collapse what hangs on it alone"], ["P", "钉住或松开", "pin or unpin"], ["H", "隐藏", "hide"],
  ["Delete", "移出画布", "take off the canvas"], ["F / T", "设为路径起点 / 终点", "path from / to here"], ["Ctrl+Z / Ctrl+Shift+Z", "撤销 / 重做", "undo / redo"],
];

export function drawList(app) {
  const { model, state, ontology } = app, pane = $("pane-list");
  const groups = new Map();
  for (const id of state.nodes) if (model.nodes.has(id)) { const label = app.label(model.nodes.get(id)); groups.set(label, [...(groups.get(label) ?? []), model.nodes.get(id)]); }
  if (!groups.size) { fill(pane, h("p", { class: "small" }, t("画布上还没有节点。", "Nothing on the canvas yet."))); return; }
  const order = Object.keys(ontology.kinds).filter((k) => groups.has(k)), held = pane.contains(document.activeElement) ? document.activeElement.dataset.id : null;
  const current = (held && model.nodes.has(held) && held) || [...app.selected][0] || groups.get(order[0])[0].id;
  const option = (n) => {
    const around = app.around(n.id), more = app.more.get(n.id) ?? 0;
    const words = [ontology.kinds[app.label(n)].label, t(`${around.length} 条关系在画布上`, `${around.length} relations on the canvas`), more ? t(`另有 ${more} 条`, `${more} more`) : "", state.pins[n.id] ? t("已钉住", "pinned") : "",
      app.visible.has(n.id) ? "" : t("已被筛掉", "filtered out")].filter(Boolean);
    return h("li", { role: "option", id: "item-" + n.id, "data-id": n.id, tabindex: n.id === current ? "0" : "-1", "aria-selected": String(app.selected.has(n.id)), class: app.visible.has(n.id) ? null : "out",
      "aria-label": `${n.name}${t("，", ", ")}${words.join(t("，", ", "))}` },
      sign(ontology.kinds[app.label(n)], ontology.shapes), h("span", { class: "name" }, n.name), h("span", { class: "count" }, `${around.length}${more ? ` +${more}` : ""}`));
  };
  fill(pane, h("p", { class: "small" }, t("方向键移动，Enter 看详情，空格多选，E 展开，C 收起，P 钉住，H 隐藏，Delete 移出。", "Arrows move, Enter shows, Space selects, E expands, C collapses, P pins, H hides, Delete takes off.")),
    h("ul", { role: "listbox", "aria-multiselectable": "true", "aria-label": t("画布上的节点", "Nodes on the canvas"), class: "mirror" },
      order.map((k) => h("li", { role: "presentation", class: "heading" }, `${ontology.kinds[k].label} ${groups.get(k).length}`)).flatMap((head, i) => [head, ...groups.get(order[i]).map(option)])));
  if (held) pane.querySelector(`[data-id="${current}"]`)?.focus();
}

export function listKeys(app) {
  $("pane-list").addEventListener("click", (e) => {
    const item = e.target.closest("[data-id]");
    const added = e.ctrlKey || e.metaKey || e.shiftKey;
    if (!item) return;
    app.select([item.dataset.id], "", added);
    if (!added) app.tab("detail");
  });
  $("pane-list").addEventListener("keydown", (e) => {
    const item = e.target.closest("[data-id]");
    if (!item || e.ctrlKey || e.metaKey || e.altKey) return;
    const id = item.dataset.id, items = [...$("pane-list").querySelectorAll("[data-id]")], at = items.indexOf(item);
    const go = (n) => { const to = items[Math.max(0, Math.min(items.length - 1, n))]; item.tabIndex = -1; to.tabIndex = 0; to.focus(); app.canvas.show(to.dataset.id); };
    const does = { ArrowDown: () => go(at + 1), ArrowUp: () => go(at - 1), Home: () => go(0), End: () => go(items.length - 1), Enter: () => { app.select([id]); app.tab("detail", true); },
      " ": () => app.select([id], "", true), e: () => app.expand(id), c: () => app.collapse(id), p: () => app.pin([id]), h: () => { go(at + 1); app.hide([id]); }, Delete: () => { go(at + 1); app.remove([id]); },
      f: () => app.end("from", id), t: () => app.end("to", id) }[e.key.length === 1 ? e.key.toLowerCase() : e.key];
    if (!does) return;
    e.preventDefault();
    does();
  });
}

export const sayCount = (app, text) => say(`${text}${t("。画布上有 ", ". On the canvas: ")}${app.state.nodes.length}${t(" 个节点，", " nodes, ")}${app.shown.length}${t(" 条关系。", " relations.")}`);
