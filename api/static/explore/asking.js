// Asks the service. Every failure becomes a Trouble: a sentence in words and what to do.
import { lang, t } from "./dom.js";

const WORDS = {
  store_unavailable: ["图数据库没有应答。请稍后再试；画布上的内容还在。", "The graph store does not answer. Try again in a while; what is on the canvas stays."],
  empty: ["图谱还是空的。请先运行 innochain ingest 与 innochain build。", "The graph is still empty. Run innochain ingest, then innochain build."],
  query_timeout: ["查询超时。请缩小范围：少选几种关系，或减少步数。", "The query took too long. Ask for less: fewer relations, or fewer steps."],
  unknown: ["图中没有这个节点，可能已换了版本。", "The graph has no such node; it may have a new version."],
  denied: ["需要访问密钥。", "A key is needed."],
  cursor_gone: ["图谱已更新，请重新展开。", "The graph has a new version; expand again."],
  away: ["连不上服务器。请检查网络或服务是否在运行，然后重试。", "The server cannot be reached. See whether the network and the service are up, then try again."],
};

export class Trouble extends Error {
  constructor(code, detail, status) {
    super(WORDS[code] ? WORDS[code][lang === "en" ? 1 : 0] : `${t("没有成功：", "It did not work: ")}${detail}`);
    this.code = code; this.detail = detail; this.status = status;
  }
}

async function call(path, options) {
  let answer;
  try { answer = await fetch(path, options); } catch { throw new Trouble("away", "", 0); }
  if (answer.ok) return answer;
  let problem = {};
  try { problem = await answer.clone().json(); } catch { /* a page, not a problem */ }
  const code = problem.code ?? (answer.status === 503 ? "store_unavailable" : answer.status === 504 ? "query_timeout" : answer.status === 404 ? "unknown" : "");
  throw new Trouble(code, (lang === "zh" && problem.detail_zh) || problem.detail || `HTTP ${answer.status}`, answer.status);
}

const url = (path, query) => { const q = String(query ?? ""); return path + (q ? (path.includes("?") ? "&" : "?") + q : ""); };

export const get = async (path, query) => (await call(url("/api/v1" + path, query))).json();
const posting = (body) => ({ method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
export const post = async (path, query, body) => (await call(url("/api/v1" + path, query), posting(body))).json();
export const file = async (form, query, body) => {
  const q = new URLSearchParams(query);
  if (lang === "en") q.set("lang", "en");
  return (await call(url("/explore/files/" + form, q), posting(body))).blob();
};

/** A fragment of a page, rendered and escaped by the server; its scripts, if it had any, would not run. */
export async function fragment(path) {
  const html = await (await call(path + (lang === "en" ? "?lang=en" : ""))).text();
  return [...new DOMParser().parseFromString(html, "text/html").body.childNodes];
}
