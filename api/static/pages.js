// What the pages gain by JavaScript: suggestions while typing, `/` to search, copy buttons, lit spans. All else works without.
"use strict";

const lang = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";

document.addEventListener("keydown", (e) => {
  const typing = e.target.closest("input, select, textarea");
  const empty = e.target.matches("input[type=search]") && !e.target.value;
  if (e.key === "/" && (!typing || empty) && !e.ctrlKey && !e.metaKey && !e.altKey) {
    const box = document.querySelector("main input[type=search], input[type=search]");
    if (box) { e.preventDefault(); box.focus(); box.select(); }
  }
});

function el(name, text, cls) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (cls) made.className = cls;
  return made;
}

// ---- suggestions

function suggest(box, number) {
  const list = document.createElement("ul");
  list.className = "suggestions";
  list.id = "suggestions-" + number;
  list.setAttribute("role", "listbox");
  list.hidden = true;
  box.after(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    box.setAttribute(name, value);
  }
  const told = document.createElement("span");
  told.className = "visually-hidden";
  told.setAttribute("role", "status");
  list.after(told);
  let items = [], options = [], at = -1, timer = 0, asked = 0;

  function close() { list.hidden = true; at = -1; told.textContent = ""; box.setAttribute("aria-expanded", "false"); box.removeAttribute("aria-activedescendant"); }
  function light(n) {
    at = n;
    options.forEach((li, i) => li.setAttribute("aria-selected", String(i === n)));
    if (n >= 0) { box.setAttribute("aria-activedescendant", options[n].id); options[n].scrollIntoView({ block: "nearest" }); }
    else box.removeAttribute("aria-activedescendant");
  }
  function take(item) {
    if (box.hasAttribute("data-go")) location.href = "/nodes/" + encodeURIComponent(item.id) + (lang === "en" ? "?lang=en" : "");
    else { box.value = item.id; close(); box.form.requestSubmit(); }
  }
  function option(item, i) {
    const li = el("li"), name = el("span", item.name);
    li.id = list.id + "-" + i;
    li.setAttribute("role", "option");
    name.lang = "zh-CN";
    li.append(name);
    if (item.matched && item.matched !== item.name) li.append(el("span", (lang === "en" ? "also " : "又名 ") + item.matched, "also"));
    li.addEventListener("mousedown", (e) => { e.preventDefault(); take(item); });
    return li;
  }
  function show(found) { // kinds in the order of their best fit, so that the first line is the best of all
    const kinds = [...new Set(found.map((x) => x.kind))];
    items = kinds.flatMap((k) => found.filter((x) => x.kind === k));
    options = items.map(option);
    list.replaceChildren(...kinds.map((kind) => {
      const group = el("li", undefined, "group k-" + kind), head = el("span", (labels && labels[kind] && labels[kind][lang]) || kind), inner = el("ul");
      group.setAttribute("role", "group");
      group.setAttribute("aria-labelledby", head.id = list.id + "-" + kind);
      inner.setAttribute("role", "presentation");
      inner.append(...options.filter((_, i) => items[i].kind === kind));
      group.append(head, inner);
      return group;
    }));
    light(-1);
    list.hidden = !found.length;
    told.textContent = lang === "en" ? found.length + " suggestions" : found.length + " 个建议";
    box.setAttribute("aria-expanded", String(!!found.length));
  }
  async function ask() {
    const q = box.value.trim(), mine = ++asked;
    if (!q) return close();
    const query = new URLSearchParams({ q });
    if (box.dataset.kind) query.set("kind", box.dataset.kind);
    try {
      const [answer] = await Promise.all([fetch("/api/v1/suggest?" + query), names()]);
      if (answer.ok && mine === asked && document.activeElement === box) show((await answer.json()).items);
    } catch { close(); }
  }
  box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 120); });
  box.addEventListener("blur", () => { asked++; close(); });
  box.addEventListener("keydown", (e) => {
    if (e.isComposing || list.hidden) return; // a Chinese input method uses the same keys
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); light((at + (e.key === "ArrowDown" ? 1 : at < 0 ? 0 : -1) + items.length) % items.length); }
    else if (e.key === "Enter" && at >= 0) { e.preventDefault(); take(items[at]); }
    else if (e.key === "Escape") { e.preventDefault(); close(); }
  });
}

let labels = null, fetching = null;
function names() {
  fetching ??= fetch("/api/v1/ontology").then((r) => r.json()).then((o) => { labels = o.kinds; }).catch(() => { labels = {}; });
  return fetching;
}

document.querySelectorAll("[data-suggest]").forEach(suggest);

// ---- copying: over plain http, as in an office, a page may not use the clipboard, but the old way still works

async function copied(text) {
  if (navigator.clipboard) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* not allowed: the old way */ }
  }
  const area = el("textarea", text);
  area.className = "visually-hidden";
  document.body.append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  return done;
}

function flash(button, word) {
  const before = button.textContent;
  button.textContent = word;
  setTimeout(() => { button.textContent = before; }, 1500);
}

document.querySelectorAll("[data-copy]").forEach((text) => {
  const button = el("button", lang === "en" ? "copy" : "复制", "copy");
  button.type = "button";
  button.addEventListener("click", async () => { if (await copied(text.textContent)) flash(button, "✓"); });
  text.after(button);
});
document.querySelectorAll("a[data-link]").forEach((link) => {
  link.textContent = (lang === "en" ? "Copy " : "复制") + link.textContent[0].toLowerCase() + link.textContent.slice(1);
  link.setAttribute("role", "button");
  link.addEventListener("click", async (e) => {
    e.preventDefault();
    if (await copied(link.href)) flash(link, lang === "en" ? "✓ Copied" : "✓ 已复制"); else location.href = link.href;
  });
});

// ---- the picture along the chain: on a phone it is wider than the window, and the node itself is what one came for

document.querySelectorAll(".around .own").forEach((own) => {
  const pane = own.closest(".scroll"), at = own.getBoundingClientRect(), window = pane.getBoundingClientRect();
  if (at.right > window.right) pane.scrollLeft = at.left - window.left - 16;
});

// ---- a document's spans: the whole span of a claim lights up, not only its first piece

const cited = [...document.querySelectorAll(".cited")];
if (cited.length) {
  const light = (claims) => cited.forEach((x) => x.classList.toggle("lit", claims.some((c) => x.dataset.claims.split(" ").includes(c))));
  const follow = () => {
    light(/^#c[0-9a-z]+$/.test(location.hash) ? [location.hash.slice(2)] : []);
    const first = cited.find((x) => x.classList.contains("lit"));
    const place = first && document.getElementById(first.getAttribute("href").slice(1)), pane = place && place.parentElement;
    document.querySelectorAll(".place.lit").forEach((x) => x.classList.remove("lit"));
    if (!place) return;
    place.classList.add("lit");
    pane.scrollTop = place.offsetTop - 40; // the pane only: the page stays at the sentence
  };
  addEventListener("hashchange", follow);
  follow();
  cited.forEach((x) => {
    const place = document.getElementById(x.getAttribute("href").slice(1));
    if (!place) return;
    x.title = [...place.querySelectorAll("li")].slice(0, 8).map((li) => li.firstChild ? li.innerText.replace(/\s+/g, " ").replace(/(出处|evidence)$/, "").trim() : "").join("\n");
    x.addEventListener("mouseenter", () => place.classList.add("lit"));
    x.addEventListener("mouseleave", () => place.classList.remove("lit"));
  });
}
