// What the match pages gain by JavaScript: clean addresses, at most four to compare, marks, long tables that fill as they come.
"use strict";

const lang = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "";
const words = document.querySelector("[data-saved]")?.dataset ?? {};

// ---- forms: no empty parts in the address; a skeleton while it is judged

for (const form of document.querySelectorAll("form[data-clean]")) {
  form.addEventListener("submit", () => {
    for (const field of form.elements) if (field.name && !field.value) field.disabled = true;
    const busy = document.querySelector("#busy"), answer = document.querySelector("#answer");
    if (form.classList.contains("match-form") && busy) setTimeout(() => { busy.hidden = false; answer.hidden = true; }, 250);
  });
}
addEventListener("pageshow", () => { // the page may come back from the browser's memory
  for (const field of document.querySelectorAll("form[data-clean] [disabled]")) field.disabled = false;
  const busy = document.querySelector("#busy"), answer = document.querySelector("#answer");
  if (busy) { busy.hidden = true; answer.hidden = false; }
  count();
});

// ---- side by side

const boxes = [...document.querySelectorAll("input[name=compare]")], bar = document.querySelector("#sides");
function count() {
  if (!bar) return;
  const chosen = boxes.filter((b) => b.checked).length;
  bar.hidden = !chosen;
  bar.querySelector("[data-picked]").textContent = words.picked.replace("#", chosen) + (chosen === 4 ? " · " + words.mostsides : "");
  for (const b of boxes) b.disabled = chosen >= 4 && !b.checked;
}
for (const b of boxes) b.addEventListener("change", count);
if (bar) bar.action = "#compare"; // the address of this page, at the comparison

// ---- marks

const marks = () => document.querySelectorAll(".marking");
async function noted() {
  const achievement = document.querySelector("[data-achievement]")?.dataset.achievement;
  if (!marks().length) return;
  const answer = await fetch("/api/v1/match/marks?limit=200" + (achievement ? "&achievement=" + encodeURIComponent(achievement) : ""));
  if (!answer.ok) return;
  const found = (await answer.json()).items;
  for (const details of marks()) {
    const at = details.closest("[data-pair]"), line = at?.querySelector("[data-noted]");
    if (!line) continue;
    const bases = [...details.querySelectorAll("[name=base] option, input[name=base]")].map((x) => x.value);
    const mine = found.filter((m) => m.achievement === details.dataset.mark && bases.includes(m.facility));
    line.replaceChildren(...mine.flatMap((m) => {
      const mark = document.createElement("span"), text = document.createElement("span");
      mark.className = "mark";
      mark.textContent = words[m.answer] ?? m.answer;
      const base = bases.length > 1 ? details.querySelector(`option[value="${m.facility}"]`).textContent + " " : "";
      text.textContent = [base + m.date, m.reason, m.note].filter(Boolean).join(" · ") + " ";
      return [mark, text];
    }));
    line.hidden = !mine.length;
  }
}
function prepare(details) {
  if (details.dataset.ready) return;
  details.dataset.ready = "1";
  const form = details.querySelector("form"), who = form.elements.who;
  who.value = localStorage.getItem("who") || "";
  who.addEventListener("change", () => localStorage.setItem("who", who.value.trim()));
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const line = details.closest("[data-pair]").querySelector("[data-noted]");
    const { back, ...given } = Object.fromEntries(new FormData(form)); // `back` is for the form without this module
    try {
      const answer = await fetch("/api/v1/match/marks", { method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify(given) });
      const read = await answer.json();
      if (!answer.ok) throw new Error(answer.status === 401 ? words.denied : (!lang && read.detail_zh) || read.detail);
      details.open = false;
      await noted();
      line.append(" " + (given.answer === "withdrawn" ? words.back : words.saved));
    } catch (error) { line.textContent = words.failed + ": " + error.message; }
    line.setAttribute("role", "status");
    line.hidden = false;
  });
}
marks().forEach(prepare);
noted();
count();

// ---- a batch: rows come a few at a time

const table = document.querySelector("[data-batch]");
if (table) {
  const status = document.querySelector("#progress"), progress = document.querySelector("#progress-bar");
  const waiting = [...table.querySelectorAll("tr.waiting")], total = waiting.length;
  let done = 0;
  while (waiting.length) {
    const some = waiting.splice(0, 4);
    const query = new URLSearchParams({ ids: some.map((r) => r.dataset.id).join(","), for: table.dataset.for });
    if (lang) query.set("lang", lang);
    try {
      const answer = await fetch("/match/batch/rows?" + query);
      if (!answer.ok) throw new Error(words.failed + " " + answer.status);
      const made = [...new DOMParser().parseFromString(await answer.text(), "text/html").querySelectorAll("tr.batch-row")];
      some.forEach((row, n) => row.replaceWith(document.adoptNode(made[n])));
      table.querySelectorAll(".marking").forEach(prepare);
    } catch (error) { some.forEach((row) => { row.classList.remove("waiting"); row.lastElementChild.textContent = error.message; }); }
    done += some.length;
    progress.value = done;
    status.textContent = done + "/" + total;
  }
  if (total) { document.querySelector("#working").hidden = true; noted(); }
}

// ---- a filled-in form: the file is read, nothing of it is kept

const file = document.querySelector("#file"), result = document.querySelector("#file-answer");
if (file) {
  document.querySelectorAll("[data-plain]").forEach((x) => { x.hidden = true; });
  file.classList.add("visually-hidden"); // the table comes by itself
  let held = null;
  const address = (form) => "/match/batch/file?" + new URLSearchParams({ name: held.name, for: file.dataset.for, form, ...(lang ? { lang } : {}) });
  const send = (form) => fetch(address(form), { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: held });
  file.addEventListener("change", async () => {
    [held] = file.files;
    if (!held) return;
    result.replaceChildren(Object.assign(document.createElement("div"), { className: "skeleton" }));
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await send("html");
      const made = new DOMParser().parseFromString(await answer.text(), "text/html");
      const part = made.querySelector(answer.ok ? "#made" : ".problem");
      result.replaceChildren(document.adoptNode(part ?? document.createTextNode(words.failed)));
      const sheet = result.querySelector("#as-xlsx");
      if (sheet) sheet.hidden = false;
      sheet?.addEventListener("click", async () => {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(await (await send("xlsx")).blob());
        link.download = "match.xlsx";
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      });
    } catch (error) { result.textContent = words.failed + ": " + error.message; }
    result.removeAttribute("aria-busy");
    file.value = "";
  });
}
