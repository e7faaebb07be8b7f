// Judging by keys and buttons; what was decided in this tab can be taken back with z.
"use strict";

const english = document.documentElement.lang === "en";
const page = document.querySelector("[data-review]");
const say = (text) => { document.querySelector("#said").textContent = text; };
const who = document.querySelector("#who"), why = document.querySelector("#why");
const taken = JSON.parse(sessionStorage.getItem("taken") || "[]");

who.value = localStorage.getItem("who") || "";
who.addEventListener("change", () => localStorage.setItem("who", who.value.trim()));

async function post(path, body) {
  const answer = await fetch(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const read = await answer.json();
  if (!answer.ok) throw new Error((!english && read.detail_zh) || read.detail);
  return read;
}

async function decide(verdict, subject, object) {
  if (!who.value.trim()) { say(page.dataset.who); who.focus(); return; }
  document.body.setAttribute("aria-busy", "true");
  try {
    await post("/api/v1/review/decisions", { verdict, subject, object: object || null, who: who.value.trim(), why: why ? why.value.trim() : "" });
    if (verdict === "withdrawn") taken.pop(); else taken.push([subject, object || null]);
    sessionStorage.setItem("taken", JSON.stringify(taken));
    location.reload();
  } catch (e) { say(e.message); }
  document.body.removeAttribute("aria-busy");
}

const pair = page.dataset;
const acts = {
  s: () => pair.a && decide("same", pair.a, pair.b),
  d: () => pair.a && decide("different", pair.a, pair.b),
  u: () => pair.a && decide("unsure", pair.a, pair.b),
  w: () => {
    const chosen = document.querySelector("input[name=claim]:checked");
    if (chosen) decide("wrong", chosen.value); else say(page.dataset.choose);
  },
  z: () => { if (taken.length) decide("withdrawn", ...taken[taken.length - 1]); else say(page.dataset.nothing); },
  j: () => follow("#next"),
  k: () => follow("#before"),
};

function follow(link) { const to = document.querySelector(link); if (to) location.href = to.href; else say(page.dataset.end); }

document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.metaKey || e.altKey || e.target.closest("input:not([type=radio]), select, textarea")) return;
  const act = acts[e.key.toLowerCase()];
  if (act) { e.preventDefault(); act(); }
});
for (const button of document.querySelectorAll("button[data-key]")) button.addEventListener("click", () => acts[button.dataset.key]());
for (const button of document.querySelectorAll("button[data-withdraw]")) {
  button.addEventListener("click", () => decide("withdrawn", button.dataset.subject, button.dataset.object));
}

// ---- bring the decisions into the graph

const build = document.querySelector("#build"), bar = document.querySelector("#building");

// without this module the form is sent and the page comes anew
const cancel = document.querySelector("form[data-job]");
cancel?.addEventListener("submit", async (e) => {
  e.preventDefault();
  try { await post("/api/v1/jobs/cancel", {}); cancel.hidden = true; } catch (x) { say(x.message); }
});

async function watch() {
  for (;;) {
    const state = await (await fetch("/api/v1/jobs")).json();
    bar.hidden = false;
    cancel.hidden = !(state.state === "running" && state.cancellable);
    bar.textContent = state.state === "cancelled" ? page.dataset.cancelled : state.running ? `${state.step || "…"} ${state.total ? state.done + "/" + state.total : ""}` : (!english && state.error_zh) || state.error || page.dataset.built;
    if (!state.running) return state;
    await new Promise((r) => setTimeout(r, 400));
  }
}
if (build) {
  build.addEventListener("click", async () => {
    build.disabled = true;
    try { await post("/api/v1/build", {}); const end = await watch(); if (end.state === "done") location.reload(); } catch (e) { say(e.message); }
    build.disabled = false;
  });
}
