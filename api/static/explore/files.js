// A view as a link or a file, and back. A view file is checked before anything of it is used: size, shape, ids.
import { $, copy, h, lang, modal, notice, say, t } from "./dom.js";
import { file, post } from "./asking.js";
import { MOST, address, clean } from "./state.js";

const LARGEST = 2_000_000; // bytes of a view file: 500 nodes and their relations take about 300,000
const FORMAT = "innochain-view";

const save = (blob, name) => {
  const url = URL.createObjectURL(blob), link = h("a", { href: url, download: name });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
};
const stamp = () => new Date().toISOString().slice(0, 10);

export function filesMenu(app) {
  document.querySelectorAll("[data-save]").forEach((b) => b.addEventListener("click", () => { $("save").open = false; run(app, b.dataset.save); }));
  $("file").addEventListener("change", async (e) => { const [chosen] = e.target.files; e.target.value = ""; if (chosen) await opened(app, chosen); });
  document.addEventListener("click", (e) => { if (!e.target.closest("#save")) $("save").open = false; });
  $("save").addEventListener("keydown", (e) => { if (e.key === "Escape") { $("save").open = false; $("save").querySelector("summary").focus(); } });
}

async function run(app, what) {
  if (what === "open") return $("file").click();
  if (!app.state.nodes.length) return notice("save", t("画布还是空的，没有可以保存的内容。", "The canvas is empty; there is nothing to save."));
  try {
    if (what === "link" || what === "pinned") await link(app, what === "pinned");
    else if (what === "sources") await sources(app);
    else if (what === "json") save(new Blob([JSON.stringify(viewFile(app), null, 1)], { type: "application/json" }), `innochain-view-${stamp()}.json`);
    else if (what === "png") save(await app.canvas.png(app.title(), app.legendShown(), app.ontology.shapes, `${t("创新链图谱版本", "Innochain, graph version")} ${app.version} · ${stamp()}`), `innochain-view-${stamp()}.png`);
    else {
      app.wait(true);
      const left = app.visible.size - 300;
      save(await file(what, app.filter(), { nodes: app.state.nodes.filter((i) => app.visible.has(i)), edges: app.shown.map((e) => e.id), positions: app.positions(), name: app.title() }), `innochain-view-${stamp()}.${what}`);
      if (what === "html" && left > 0) notice("save", t(`离线报告只画 300 个节点，另有 ${left} 个未画出；文件里也写明了。`, `The report draws 300 nodes; ${left} more are left out, and the file says so.`));
    }
    say(t("已保存", "Saved"));
  } catch (e) { app.trouble(e, () => run(app, what)); } finally { app.wait(false); }
}

async function link(app, pinned) {
  const url = location.origin + address({ ...app.state, v: pinned ? app.version : "" }, lang), done = await copy(url);
  const long = url.length > 6000 ? t("链接较长，有的聊天软件会截断；也可以发视图文件。", " It is long, and some programs cut it; a view file can be sent instead.") : "";
  notice("save", (done ? t(pinned ? `已复制；链接固定在图谱版本 ${app.version}，换版本后打开会说明。` : "链接已复制。", pinned ? `Copied; the link is pinned to graph version ${app.version}, and says so when another is open.` : "Link copied.") : t("请手动复制地址：", "Copy this address: ") + url) + long);
}

// ---- view files

function viewFile(app) {
  const { state, model } = app;
  return { format: FORMAT, edition: 1, made: new Date().toISOString(), graph_version: app.version, state: { ...state, v: app.version },
    nodes: state.nodes.filter((i) => model.nodes.has(i)).map((i) => { const n = model.nodes.get(i); return { id: i, kind: n.kind, types: n.types, name: n.name }; }),
    edges: app.shown.map((e) => ({ id: e.id, relation: e.relation, source: e.source, target: e.target, properties: e.properties })) };
}

/** The state in a view file. Throws a sentence for people when it is none. */
export function stateOf(text, ontology) {
  let found;
  try { found = JSON.parse(text); } catch { throw new Error(t("这不是 JSON 文件。", "This is no JSON file.")); }
  if (!found || typeof found !== "object" || found.format !== FORMAT || typeof found.state !== "object") throw new Error(t("这不是创新链的视图文件。", "This is no Innochain view file."));
  if (found.edition !== 1) throw new Error(t("这个视图文件出自更新的版本，这里还不能打开。", "This view file comes from a newer edition than can be opened here."));
  const asked = Array.isArray(found.state?.nodes) ? found.state.nodes.length : 0, state = clean(found.state, ontology);
  if (!state.nodes.length) throw new Error(t("文件里没有可用的节点。", "The file holds no node that can be used."));
  return { state, dropped: asked - state.nodes.length };
}

async function opened(app, chosen) {
  try {
    if (chosen.size > LARGEST) throw new Error(t("文件太大：视图文件不超过 2 MB。", "The file is too large: a view file has 2 MB at most."));
    const { state, dropped } = stateOf(await chosen.text(), app.ontology);
    if (dropped > 0) notice("file", t(`文件里有 ${dropped} 个节点标识不合规或重复，没有采用。`, `${dropped} node ids of the file are malformed or repeated and were left out.`));
    if (!app.state.nodes.length) return await replace(app, state);
    const fresh = state.nodes.filter((i) => !app.state.nodes.includes(i));
    const box = modal(t("打开视图文件", "Open a view file"),
      h("p", {}, t(`文件有 ${state.nodes.length} 个节点，其中 ${fresh.length} 个不在画布上。`, `The file has ${state.nodes.length} nodes, ${fresh.length} of them not on the canvas.`)),
      h("p", { class: "acts" }, h("button", { type: "button", id: "merge", onclick: () => { box.close(); merge(app, state, fresh); } }, t("合并到当前画布", "Merge into this canvas")),
        h("button", { type: "button", class: "plainly", id: "replace", onclick: () => { box.close(); replace(app, state); } }, t("替换当前画布", "Replace this canvas"))));
  } catch (e) { notice("file", e.message); say(e.message); }
}

const replace = (app, state) => app.step(t("打开视图文件", "Open a view file"), { ...state, sel: "" }, { fit: true });

/** Nodes and pins of the file come in as far as there is room; the filter stays as it is. */
async function merge(app, state, fresh) {
  const room = MOST - app.state.nodes.length, some = fresh.slice(0, Math.max(0, room));
  const pins = Object.fromEntries(Object.entries(state.pins).filter(([i]) => some.includes(i)));
  if (some.length < fresh.length) app.full(fresh.length - some.length);
  await app.step(t("合并视图文件", "Merge a view file"), { nodes: [...app.state.nodes, ...some], hide: app.state.hide.filter((i) => !some.includes(i)), pins: { ...app.state.pins, ...pins } }, { fit: true });
}

// ---- sources for an appendix

async function sources(app) {
  const held = new Set(app.shown.map((e) => e.id)), nodes = app.state.nodes.filter((i) => app.visible.has(i)), query = app.filter();
  const found = await post("/views/sources", query, { nodes });
  const used = new Set(Object.entries(found.of).filter(([i]) => held.has(i) || app.visible.has(i)).flatMap(([, n]) => n));
  const lines = found.sources.filter((s) => used.has(s.number)).map((s) => s.texts[lang]);
  const rich = h("ol", { class: "sources-list", lang: "zh-CN" }, lines.map((x) => h("li", {}, x)));
  const text = lines.map((x, i) => `[${i + 1}] ${x}`).join("\n"), status = h("span", { role: "status" });
  modal(t(`出处清单：${lines.length} 份文件`, `Sources: ${lines.length} documents`),
    h("p", { class: "small" }, t(`画布上的 ${nodes.length} 个节点与 ${app.shown.length} 条关系出自下列文件（图谱版本 ${found.graph_version}）。`, `The ${nodes.length} nodes and ${app.shown.length} relations on the canvas rest on these documents (graph version ${found.graph_version}).`)),
    h("p", { class: "acts" }, h("button", { type: "button", id: "copy-text", onclick: async () => { status.textContent = (await copy(text)) ? t("已复制", "copied") : t("请手动选取下文复制", "select the text below and copy it"); } }, t("复制文字", "Copy as text")),
      h("button", { type: "button", class: "plainly", id: "copy-rich", onclick: async () => { status.textContent = (await copy("", rich)) ? t("已复制", "copied") : t("请手动选取下文复制", "select the text below and copy it"); } }, t("复制带编号的列表", "Copy as a list")),
      h("button", { type: "button", class: "plainly", id: "save-sources", onclick: () => save(new Blob(["\ufeff" + text + "\n"], { type: "text/plain" }), `innochain-sources-${stamp()}.txt`) }, t("存为文本", "Save as text")), " ", status), rich);
}
