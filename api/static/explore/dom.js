// Small things all parts of the explorer use. Data reaches the page as text nodes and attributes only, never as markup.
export const lang = new URLSearchParams(location.search).get("lang") === "en" ? "en" : "zh";
export const t = (zh, en) => (lang === "en" ? en : zh);
export const $ = (id) => document.getElementById(id);

/** An element: `h("button", {class: "x", onclick: f, "aria-pressed": true}, "text", child)`. null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked" || name === "disabled" || name === "hidden") made[name] = value;
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));
  return made;
}

/** Puts these into an element instead of what it holds; null and false are left out. */
export const fill = (box, ...children) => box.replaceChildren(...children.flat().filter((c) => c !== null && c !== undefined && c !== false));

/** The sign of a kind as the ontology declares it: shape and colour. */
export function sign(look, shapes) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [k, v] of [["viewBox", "-9 -9 18 18"], ["width", "15"], ["height", "15"], ["aria-hidden", "true"], ["class", "sign"]]) svg.setAttribute(k, v);
  path.setAttribute("d", shapes[look.shape]);
  path.setAttribute("fill", look.color);
  svg.append(path);
  return svg;
}

let saying = 0;
/** Tells a screen reader; a repeated sentence is told again. */
export function say(text) {
  const box = $("said");
  box.textContent = "";
  clearTimeout(saying);
  saying = setTimeout(() => { box.textContent = text; }, 60);
}

/** A line above the canvas that stays until it is closed or replaced by one of the same key. */
export function notice(key, text, ...actions) {
  const box = $("notices"), id = "notice-" + key;
  $(id)?.remove();
  if (!text) return;
  box.append(h("div", { class: "notice", id, role: key === "trouble" ? "alert" : "status" }, h("span", {}, text), ...actions,
    h("button", { type: "button", class: "plainly", onclick: () => $(id)?.remove() }, t("知道了", "Close"))));
}

export function modal(title, ...content) {
  const box = $("dialog");
  box.setAttribute("aria-label", title);
  box.replaceChildren(h("div", { class: "dialog-head" }, h("h2", {}, title), h("button", { type: "button", class: "plainly", onclick: () => box.close() }, t("关闭", "Close"))), ...content);
  if (!box.open) box.showModal();
  return box;
}

/** Copies text; `rich`, an element, is copied with its layout. Without a secure context the old command still works. */
export async function copy(text, rich) {
  if (!rich && navigator.clipboard && window.isSecureContext) {
    try { await navigator.clipboard.writeText(text); return true; } catch { /* refused: the old way */ }
  }
  const host = $("dialog").open ? $("dialog") : document.body, area = rich ?? h("textarea", { class: "visually-hidden", value: text });
  if (!rich) { host.append(area); area.select(); }
  else { const range = document.createRange(); range.selectNodeContents(rich); getSelection().removeAllRanges(); getSelection().addRange(range); }
  const done = document.execCommand("copy");
  if (rich) getSelection().removeAllRanges(); else area.remove();
  return done;
}
