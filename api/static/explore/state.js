// The state of a view: a plain object, and the whole of it is in the address. Invariant: read(write(s)) equals s for a clean s.
// Whatever comes from outside, an address or a file, goes through `clean`: what does not fit is dropped.

export const MOST = 500; // nodes on the canvas, as the server answers at most
const ID = /^[a-z]+(-[a-z]+)*:[0-9a-f]{16}$/;
const DAY = /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/;

export const fresh = () => ({ nodes: [], hide: [], pins: {}, off: [], as_of: "", certain: false, min_confidence: 0, modalities: ["done"], layout: "chain",
  from: "", to: "", max_hops: 4, path: -1, v: "", sel: "" });

const list = (x) => (Array.isArray(x) ? x.filter((i) => typeof i === "string") : []);
const unique = (x) => [...new Set(x)];
const number = (x, low, high, otherwise) => (typeof x === "number" && Number.isFinite(x) && x >= low && x <= high ? x : otherwise);

/** A state that holds. `ontology` says which prefixes, kinds, relations and modalities there are. */
export function clean(raw, ontology) {
  const from = raw && typeof raw === "object" ? raw : {}, base = fresh();
  const prefixes = new Set(Object.values(ontology.kinds).map((k) => k.prefix));
  const known = (i) => typeof i === "string" && ID.test(i) && prefixes.has(i.split(":")[0]);
  const nodes = unique(list(from.nodes).filter(known)).slice(0, MOST), pins = {};
  for (const i of nodes) {
    const at = Object.hasOwn(Object(from.pins), i) ? from.pins[i] : null;
    if (Array.isArray(at) && at.length === 2 && at.every((c) => number(c, -1e5, 1e5, null) !== null)) pins[i] = at.map(Math.round);
  }
  const modalities = Object.keys(ontology.modalities).filter((m) => list(from.modalities).includes(m));
  return {
    nodes, pins,
    hide: unique(list(from.hide).filter(known)).filter((i) => !nodes.includes(i)).slice(0, MOST),
    off: unique(list(from.off).filter((x) => Object.hasOwn(ontology.kinds, x) || Object.hasOwn(ontology.relations, x))),
    as_of: typeof from.as_of === "string" && DAY.test(from.as_of) ? from.as_of : "",
    certain: from.certain === true,
    min_confidence: Math.round(100 * number(from.min_confidence, 0, 1, 0)) / 100,
    modalities: modalities.length ? modalities : base.modalities,
    layout: from.layout === "force" ? "force" : "chain",
    from: known(from.from) ? from.from : "", to: known(from.to) ? from.to : "",
    max_hops: Math.round(number(from.max_hops, 1, 8, base.max_hops)), path: Math.round(number(from.path, 0, 49, -1)),
    v: typeof from.v === "string" && /^[0-9a-f]{16}$/.test(from.v) ? from.v : "",
    sel: typeof from.sel === "string" && (known(from.sel) || /^e[0-9a-f]{16}$/.test(from.sel)) ? from.sel : "",
  };
}

/** The state as a query: only what differs from a fresh one. */
export function write(s) {
  const base = fresh(), out = [], put = (k, v) => out.push(k + "=" + encodeURIComponent(v).replace(/%3A/g, ":").replace(/%2C/g, ",").replace(/%40/g, "@"));
  for (const k of ["nodes", "hide", "off"]) if (s[k].length) put(k, s[k].join(","));
  if (s.modalities.join() !== base.modalities.join()) put("modalities", s.modalities.join(","));
  const pins = Object.entries(s.pins);
  if (pins.length) put("pins", pins.map(([i, [x, y]]) => `${i}@${x}@${y}`).join(","));
  for (const k of ["as_of", "layout", "from", "to", "v", "sel"]) if (s[k] !== base[k]) put(k, s[k]);
  for (const k of ["min_confidence", "max_hops", "path"]) if (s[k] !== base[k]) put(k, String(s[k]));
  if (s.certain) put("certain", "1");
  return out.join("&");
}

/** A raw state from an address: its query, or what follows # where it was too long for a query. */
export function read(address) {
  const q = new URLSearchParams(address.hash.includes("=") ? address.hash.slice(1) : address.search), out = {};
  const cut = (k) => (q.get(k) ?? "").split(",").filter(Boolean);
  for (const k of ["nodes", "hide", "off", "modalities"]) out[k] = cut(k);
  out.pins = Object.fromEntries(cut("pins").map((p) => p.split("@")).filter((p) => p.length === 3).map(([i, x, y]) => [i, [Number(x), Number(y)]]));
  for (const k of ["as_of", "layout", "from", "to", "v", "sel"]) out[k] = q.get(k) ?? "";
  for (const k of ["min_confidence", "max_hops", "path"]) out[k] = q.has(k) ? Number(q.get(k)) : undefined;
  out.certain = q.get("certain") === "1";
  return out;
}

const LONGEST = 6000; // servers and proxies on the way refuse queries over 8 kB; what follows # stays in the browser

export function address(s, lang) {
  const said = write(s), head = location.pathname, own = lang === "en" ? "lang=en" : "";
  if (said.length > LONGEST) return head + (own ? "?" + own : "") + "#" + said;
  const query = [said, own].filter(Boolean).join("&");
  return head + (query ? "?" + query : "");
}

/** Does a relation pass the filter? As the server's questions judge it: an unknown bound does not exclude, `certain` drops it. */
export function passes(edge, s) {
  const p = edge.properties;
  return !s.off.includes(edge.relation) && s.modalities.includes(p.modality ?? "done") && (p.confidence ?? 1) >= s.min_confidence
    && (!s.as_of || ((!p.since || p.since <= s.as_of) && (!p.until || p.until >= s.as_of)))
    && (!s.certain || Boolean(p.since && p.until));
}

/** The filter as the service names its parts. */
export function filterQuery(s) {
  const q = new URLSearchParams();
  if (s.as_of) q.set("as_of", s.as_of);
  if (s.certain) q.set("certain", "true");
  if (s.min_confidence) q.set("min_confidence", String(s.min_confidence));
  for (const m of s.modalities) q.append("modalities", m);
  return q;
}
