// The legend is the filter: a sign a kind, a line a relation, each with how many are on the canvas; and the time line below the canvas.
import { $, fill, h, sign, t } from "./dom.js";

export function drawLegend(app) {
  const { ontology, state, model } = app, kinds = new Map(), relations = new Map(), modalities = new Map();
  for (const n of model.nodes.values()) kinds.set(app.label(n), (kinds.get(app.label(n)) ?? 0) + 1);
  for (const e of model.edges.values()) {
    relations.set(e.relation, (relations.get(e.relation) ?? 0) + 1);
    const m = e.properties.modality ?? "done";
    modalities.set(m, (modalities.get(m) ?? 0) + 1);
  }
  const order = (names, all) => Object.keys(all).filter((k) => names.has(k) || state.off.includes(k));
  const toggle = (name) => app.step(state.off.includes(name) ? t("显示", "Show") : t("不显示", "Leave out"), { off: state.off.includes(name) ? state.off.filter((x) => x !== name) : [...state.off, name] },
    { about: ontology.kinds[name]?.label ?? ontology.relations[name]?.label });
  const row = (name, label, count, mark) => h("li", {}, h("button", { type: "button", class: "key", "aria-pressed": String(!state.off.includes(name)), "data-key": name, onclick: () => toggle(name) },
    mark, h("span", {}, label), h("span", { class: "count" }, String(count))));
  const line = (dashed) => h("span", { class: dashed ? "line dashed" : "line", "aria-hidden": "true" });
  const focused = document.activeElement?.dataset?.key;
  const confidence = h("input", { type: "range", min: 0, max: 1, step: 0.05, value: String(state.min_confidence), id: "confidence", "data-key": "confidence",
    "aria-valuetext": confidenceWords(state.min_confidence), oninput: (e) => { e.target.nextElementSibling.textContent = confidenceWords(Number(e.target.value)); app.preview({ min_confidence: Number(e.target.value) }); },
    onchange: (e) => app.step(t("可信度", "Confidence"), { min_confidence: Number(e.target.value) }, { about: confidenceWords(Number(e.target.value)) }) });
  fill($("legend"), 
    h("h2", {}, t("类别", "Kinds")), kinds.size ? h("ul", {}, order(kinds, ontology.kinds).map((k) => row(k, ontology.kinds[k].label, kinds.get(k) ?? 0, sign(ontology.kinds[k], ontology.shapes)))) : h("p", { class: "small" }, t("画布上还没有节点。", "Nothing on the canvas yet.")),
    h("h2", {}, t("关系", "Relations")), relations.size ? h("ul", {}, order(relations, ontology.relations).map((r) => row(r, ontology.relations[r].label, relations.get(r) ?? 0, line(false)))) : h("p", { class: "small" }, t("无", "none")),
    h("h2", {}, t("实现程度", "Modality")), h("ul", {}, Object.entries(ontology.modalities).map(([m, label]) => h("li", {}, h("button", { type: "button", class: "key", "data-key": m,
      "aria-pressed": String(state.modalities.includes(m)), onclick: () => { const next = state.modalities.includes(m) ? state.modalities.filter((x) => x !== m) : [...state.modalities, m]; if (next.length) app.step(t("实现程度", "Modality"), { modalities: next }, { about: label }); } },
      line(m !== "done"), h("span", {}, label), h("span", { class: "count" }, String(modalities.get(m) ?? 0)))))),
    h("h2", {}, h("label", { for: "confidence" }, t("可信度", "Confidence"))), h("p", { class: "slide" }, confidence, h("output", { for: "confidence" }, confidenceWords(state.min_confidence))),
    h("p", { class: "small" }, line(false), " ", t("有日期", "dated"), " ", h("span", { class: "line dotted", "aria-hidden": "true" }), " ", t("未注日期", "undated"), h("br"), t("点击图例即筛选；数字是画布上的数目。", "Click a key to filter; numbers count what is on the canvas.")),
    state.off.length ? h("button", { type: "button", class: "plainly", "data-key": "all", onclick: () => app.step(t("全部显示", "Show all"), { off: [] }) }, t("全部显示", "Show all")) : null,
    state.hide.length ? h("button", { type: "button", class: "plainly", "data-key": "unhide", onclick: () => app.unhide() }, t(`取回已隐藏的 ${state.hide.length} 个`, `Bring back ${state.hide.length} hidden`)) : null);
  if (focused) $("legend").querySelector(`[data-key="${focused}"]`)?.focus();
}

const confidenceWords = (c) => (c <= 0 ? t("不限", "any") : c > 0.4 ? `≥ ${c}${t("（已证实）", " (confirmed)")}` : `≥ ${c}`);

// ---- time

const month = (n) => `${Math.floor(n / 12)}-${String((n % 12) + 1).padStart(2, "0")}`;
const index = (day) => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1;
const lastDay = (n) => `${month(n)}-${String(new Date(Date.UTC(Math.floor(n / 12), (n % 12) + 1, 0)).getUTCDate()).padStart(2, "0")}`;

export function drawTime(app) {
  const { state, model } = app, edges = [...model.edges.values()], days = edges.flatMap((e) => [e.properties.since, e.properties.until]).filter(Boolean);
  const undated = edges.filter((e) => app.undated(e)).length, focused = document.activeElement?.dataset?.time;
  const first = Math.min(...days.map(index), state.as_of ? index(state.as_of) : Infinity), last = Math.max(...days.map(index), state.as_of ? index(state.as_of) : -Infinity);
  if (!days.length && !state.as_of) {
    fill($("time"), h("p", { class: "small" }, model.edges.size ? t(`画布上的 ${edges.length} 条关系都未注日期`, `None of the ${edges.length} relations on the canvas is dated`) : t("时间轴：画布上还没有关系", "Time line: no relations yet")));
    return;
  }
  const words = (n) => (n > last ? t("不限日期", "any date") : t(`截至 ${month(n)}`, `as of ${month(n)}`));
  const output = h("output", { for: "as-of" }, state.as_of ? t(`截至 ${state.as_of}`, `as of ${state.as_of}`) : words(last + 1));
  const slider = h("input", { type: "range", id: "as-of", min: first, max: last + 1, step: 1, "data-time": "slider", "aria-label": t("有效日期", "Valid date"), "aria-valuetext": output.textContent,
    oninput: (e) => { const n = Number(e.target.value); output.textContent = words(n); e.target.setAttribute("aria-valuetext", words(n)); app.preview({ as_of: n > last ? "" : lastDay(n) }); },
    onchange: (e) => { const n = Number(e.target.value); app.step(t("日期", "Date"), { as_of: n > last ? "" : lastDay(n) }, { about: words(n) }); } });
  slider.value = String(state.as_of ? index(state.as_of) : last + 1);
  fill($("time"), 
    h("div", { class: "scale" }, bars(edges, first, last), slider, h("span", { class: "small ends" }, h("span", {}, month(first)), h("span", {}, t("不限", "any")))),
    h("div", { class: "time-words" }, output,
      h("label", {}, h("input", { type: "date", "data-time": "day", "aria-label": t("截至某日", "As of a day"), value: state.as_of, onchange: (e) => app.step(t("日期", "Date"), { as_of: e.target.value }, { about: e.target.value }) })),
      h("label", {}, h("input", { type: "checkbox", "data-time": "certain", checked: state.certain, onchange: (e) => app.step(t("只要日期确定的", "Dated only"), { certain: e.target.checked }) }), " ", t("只要起止都确定的", "both dates known")),
      h("span", { class: "small" }, t(`未注日期 ${undated} 条（点线）`, `${undated} undated (dotted)`))));
  if (focused) $("time").querySelector(`[data-time="${focused}"]`)?.focus();
}

/** How many relations begin in each stretch of time: bars behind the slider. */
function bars(edges, first, last) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg"), width = 60, counts = new Array(width).fill(0);
  for (const e of edges) if (e.properties.since) counts[Math.min(width - 1, Math.floor(((index(e.properties.since) - first) / Math.max(1, last - first + 1)) * width))] += 1;
  const most = Math.max(1, ...counts);
  for (const [k, v] of [["viewBox", `0 0 ${width} 20`], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) made.setAttribute(k, v);
  counts.forEach((c, i) => {
    if (!c) return;
    const rect = document.createElementNS("http://www.w3.org/2000/svg", "rect"), high = Math.max(2, (c / most) * 20);
    for (const [k, v] of [["x", i + 0.12], ["y", 20 - high], ["width", 0.76], ["height", high]]) rect.setAttribute(k, v);
    made.append(rect);
  });
  return made;
}
