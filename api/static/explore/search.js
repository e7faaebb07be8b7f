// The search box of the explorer: suggestions as you type; choosing one adds it to the canvas.
import { $, h, sign, t } from "./dom.js";
import { get } from "./asking.js";

export function searchBox(app) {
  const box = $("add-box"), list = h("ul", { class: "suggestions", id: "add-list", role: "listbox", "aria-label": t("建议", "Suggestions"), hidden: true });
  box.after(list);
  for (const [k, v] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) box.setAttribute(k, v);
  let items = [], at = -1, timer = 0, asked = 0;

  const close = () => { list.hidden = true; at = -1; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); };
  const light = (n) => {
    at = n;
    list.querySelectorAll("[role=option]").forEach((li, i) => li.setAttribute("aria-selected", String(i === n)));
    if (n >= 0) box.setAttribute("aria-activedescendant", "add-" + n); else box.removeAttribute("aria-activedescendant");
  };
  const take = (item) => { box.value = ""; close(); app.add([item.id], t("加入", "Add"), item.name, item.id); };
  const show = (found, word = "") => {
    items = found;
    list.replaceChildren(...(word ? [h("li", { class: "none", role: "presentation" }, word)] : []), ...found.map((item, i) => {
      const look = app.ontology.kinds[item.kind];
      return h("li", { id: "add-" + i, role: "option", "aria-selected": "false", onmousedown: (e) => { e.preventDefault(); take(item); } },
        h("span", {}, item.name + (item.matched && item.matched !== item.name ? " · " + item.matched : "")),
        h("span", { class: "what" }, sign(look, app.ontology.shapes), look.label, app.state.nodes.includes(item.id) ? t("（已在画布）", " (on canvas)") : ""));
    }));
    light(found.length ? 0 : -1);
    list.hidden = false;
    box.setAttribute("aria-expanded", "true");
  };

  async function ask() {
    const q = box.value.trim(), mine = ++asked;
    if (!q) return close();
    try {
      let found = (await get("/suggest", new URLSearchParams({ q }))).items, word = "";
      if (!found.length) { // no result: what a part of it finds
        for (const part of [q.slice(0, Math.max(2, Math.ceil(q.length / 2))), q.slice(-2)]) {
          if (part !== q && part.length > 1) found = (await get("/suggest", new URLSearchParams({ q: part }))).items;
          if (found.length) break;
        }
        word = found.length ? t(`没有“${q}”；相近的有：`, `Nothing is called “${q}”; close to it:`) : t(`没有找到“${q}”。可试简称、拼音首字母，或英文名。`, `Nothing found for “${q}”. Try a short name, initials or another spelling.`);
      }
      if (mine === asked && document.activeElement === box) show(found, word);
    } catch (e) { if (mine === asked) app.trouble(e, ask); close(); }
  }
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  if (box.value.trim() && document.activeElement === box) ask(); // typed before this was loaded
  box.addEventListener("blur", () => { asked += 1; close(); });
  box.addEventListener("keydown", (e) => {
    if (e.isComposing || list.hidden) return; // a Chinese input method uses the same keys
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); if (items.length) light((at + (e.key === "ArrowDown" ? 1 : -1) + items.length) % items.length); }
    else if (e.key === "Escape") { e.preventDefault(); close(); }
  });
  $("add").addEventListener("submit", async (e) => {
    e.preventDefault();
    if (!list.hidden && at >= 0) return take(items[at]);
    clearTimeout(timer);
    await ask();
  });
}
