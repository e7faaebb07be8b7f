// Upload, look, check, take in: every step says what it did in words. Text from files only ever becomes text.
"use strict";

const page = document.querySelector("[data-upload]"), t = page.dataset;
const lang = page.dataset.lang;
const by = (id) => document.getElementById(id);
const cancel = document.querySelector("form[data-job]"); // without this module the form is sent and the page comes anew
let held = null;

function say(text, bad = false) { by("said").textContent = text; by("said").classList.toggle("bad", bad); }
function el(name, text, cls) { const e = document.createElement(name); if (text !== undefined) e.textContent = text; if (cls) e.className = cls; return e; }
async function read(answer) { const body = await answer.json(); if (!answer.ok) throw new Error((lang === "zh" && body.detail_zh) || body.detail); return body; }
const as = () => by("as").value;
function bones() { by("preview").setAttribute("aria-busy", "true"); by("preview").replaceChildren(...[1, 2, 3, 4].map(() => el("p", "", "bones"))); }
function progress(state) {
  const bar = by("bar");
  bar.hidden = !state.running;
  cancel.hidden = !(state.state === "running" && state.cancellable);
  if (state.total) { bar.max = state.total; bar.value = state.done; } else bar.removeAttribute("value");
}

async function put(file) {
  say(t.sending);
  by("steps").hidden = false;
  for (const b of ["check", "take"]) by(b).disabled = true;
  bones();
  held = await read(await fetch("/api/v1/uploads?name=" + encodeURIComponent(file.name),
    { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file }));
  by("as").replaceChildren(new Option(t.byheads, ""), ...held.forms.map((f) => new Option(f.title[lang] + " · " + f.name, f.name)));
  by("check").disabled = false;
  await look();
}

async function look() {
  by("report").replaceChildren();
  by("take").disabled = true;
  const found = await read(await fetch(`/api/v1/uploads/${held.id}?as=${encodeURIComponent(as())}`));
  const parts = found.sheets.map((s) => {
    const box = el("div", undefined, "scroll"), grid = el("table", undefined, "preview"), head = el("tr");
    grid.append(el("caption", `${s.name} · ${s.encoding}`));
    head.append(el("th", "#"), ...s.heads.map((h) => el("th", h)));
    grid.append(head, ...s.rows.map((r) => { const row = el("tr"); row.append(...r.map((c) => el("td", c))); return row; }));
    box.append(grid);
    return box;
  });
  if (found.text !== null) parts.push(el("pre", found.text));
  if (!parts.length) parts.push(el("p", t.nohead, "empty"));
  by("preview").replaceChildren(...parts);
  by("preview").setAttribute("aria-busy", "false");
  say(held.name);
}

async function job(what) {
  for (const b of ["check", "take"]) by(b).disabled = true;
  let state = await read(await fetch(`/api/v1/uploads/${held.id}/${what}?as=${encodeURIComponent(as())}`, { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" }));
  while (state.running) {
    progress(state);
    say(`${state.step || "…"}${state.total ? ` ${state.done}/${state.total}` : ""}`);
    await new Promise((r) => setTimeout(r, 300));
    state = await read(await fetch("/api/v1/jobs"));
  }
  progress(state);
  by("check").disabled = false;
  if (state.state === "cancelled") { say(t.cancelled); return; }
  if (state.error) { say((lang === "zh" && state.error_zh) || state.error, true); return; }
  say(what === "check" ? t.checked : t.taken);
  by("take").disabled = what !== "check";
  report(state.result);
}

function report(result) {
  const out = [];
  for (const [name, o] of Object.entries(result.sources)) {
    const list = el("ul", undefined, "counts");
    for (const key of ["read", "accepted", "rejected", "notes", "new", "unchanged", "removed", "kept"]) {
      const li = el("li", t["c" + key] + " ");
      li.append(el("b", o[key].toLocaleString()));
      if (key === "rejected" && o[key]) li.className = "bad";
      list.append(li);
    }
    out.push(el("h3", name), list);
    if (o.first.length) { const why = el("ul", undefined, "small"); why.append(...o.first.map((f) => el("li", f))); out.push(why); }
    if (o.quarantine) { const a = el("a", t.rejects, "button"); a.href = "/api/v1/quarantine/" + encodeURIComponent(o.quarantine); out.push(a); }
  }
  if (!result.dry_run) { const a = el("a", t.build, "button"); a.href = "/review" + (lang === "en" ? "?lang=en" : "") + "#build"; out.push(a); }
  by("report").replaceChildren(...out);
}

const guarded = (work) => async (...given) => {
  try { await work(...given); } catch (e) { say(e.message, true); by("bar").hidden = true; if (document.querySelector("#preview .bones")) by("steps").hidden = true; }
};
cancel.addEventListener("submit", (e) => {
  e.preventDefault();
  guarded(async () => { await read(await fetch("/api/v1/jobs/cancel", { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" })); cancel.hidden = true; })();
});
by("file").addEventListener("change", guarded(async (e) => { if (e.target.files[0]) await put(e.target.files[0]); }));
by("as").addEventListener("change", guarded(look));
by("check").addEventListener("click", guarded(() => job("check")));
by("take").addEventListener("click", guarded(() => job("ingest")));
const drop = by("drop");
drop.addEventListener("dragover", (e) => { e.preventDefault(); drop.classList.add("over"); });
drop.addEventListener("dragleave", () => drop.classList.remove("over"));
drop.addEventListener("drop", guarded(async (e) => { e.preventDefault(); drop.classList.remove("over"); if (e.dataTransfer.files[0]) await put(e.dataTransfer.files[0]); }));
