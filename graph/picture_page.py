"""What surrounds a picture in its one file: style, script and page. Constants only: data comes in as JSON and as escaped text."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --paper: #fbfaf7; --ink: #20262b; --soft: #5d666e; --line: #d9d6cd }
@media (prefers-color-scheme: dark) { :root { --paper: #15191c; --ink: #e6e4dd; --soft: #a3a9ab; --line: #363d42 } }
* { box-sizing: border-box }
html, body { margin: 0; height: 100%; background: var(--paper); color: var(--ink);
  font: 14px/1.5 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif }
body { display: flex; flex-direction: column }
#net { flex: 1; min-height: 0; position: relative; outline: none }
#net:focus-within { box-shadow: inset 0 0 0 2px #1f7a74 }
footer { display: flex; flex-wrap: wrap; gap: .15rem 1rem; padding: .5rem .8rem; border-top: 1px solid var(--line);
  font-size: 12.5px; color: var(--soft) }
footer span { display: inline-flex; align-items: center; gap: .35rem; white-space: nowrap }
#both { flex: 1; min-height: 0; display: flex }
.synthetic { margin: 0; padding: .35rem 1.25rem; text-align: center; font-weight: 600; color: #3d2c00; background: #ffd166 }
aside { flex: 0 0 min(25rem, 40%); overflow-y: auto; padding: .4rem 1.1rem 2rem; border-inline-start: 1px solid var(--line);
  overflow-wrap: anywhere }
aside h1 { font-size: 1.15rem; line-height: 1.35; margin: .5rem 0 .2rem }
aside h2 { font-size: .95rem; margin: 1.1rem 0 .3rem }
aside p { margin: 0; color: var(--soft) } aside ul { list-style: none; padding: 0; margin: .3rem 0 }
aside ol { padding-inline-start: 1.6rem; margin: .3rem 0 }
aside ul li { padding: .22rem 0; border-bottom: 1px solid var(--line) }
aside ol li { padding: .15rem 0; font-size: 13px } aside li:target { background: #c8a04a44 }
aside a { color: inherit }
aside button { border: 1px solid var(--line); border-radius: .4rem; background: none; color: inherit; font: inherit; cursor: pointer }
@media (max-width: 46rem) { #both { flex-direction: column } #net { min-height: 50% }
  aside { flex: 1 1 45%; border-inline-start: 0; border-top: 1px solid var(--line) } }
@media print { body { height: auto } #both, aside { display: block; overflow: visible; height: auto }
  #net { height: 60vh } .zoom { display: none } }
.zoom { position: absolute; left: .6rem; top: .6rem; z-index: 2; display: flex; gap: .25rem }
.zoom button { width: 1.9rem; height: 1.9rem; border: 1px solid var(--line); border-radius: .4rem; background: var(--paper); color: var(--ink);
  font: inherit; cursor: pointer }
div.vis-tooltip { position: absolute; visibility: hidden; padding: .5rem .7rem; max-width: 22rem; white-space: pre-wrap; overflow-wrap: anywhere;
  background: var(--paper); color: var(--ink); border: 1px solid var(--line); border-radius: .4rem; box-shadow: 0 3px 14px #0003;
  pointer-events: none; z-index: 5; font-size: 13px }
"""

SCRIPT = """
"use strict";
(function () {
  var data = JSON.parse(document.getElementById("data").textContent), box = document.getElementById("net");
  var css = getComputedStyle(document.documentElement);
  function colour(name) { return css.getPropertyValue(name).trim(); }
  var options = data.options;
  options.nodes.font.color = colour("--ink");
  options.edges.color = { color: colour("--soft"), highlight: colour("--ink"), hover: colour("--ink"), opacity: 0.75 };
  options.edges.font.color = colour("--soft");
  options.edges.font.strokeColor = colour("--paper");
  options.edges.font.strokeWidth = 4;
  options.nodes.font.background = colour("--paper"); // a stroke round a line's letters would lie over the line above it
  options.interaction.zoomView = window === window.top; // inside a page the wheel scrolls that page
  data.nodes.forEach(function (n) { if (n.shape === "text") { n.font = { color: colour("--soft"), size: 15 }; } });
  var net = new vis.Network(box, { nodes: new vis.DataSet(data.nodes), edges: new vis.DataSet(data.edges) }, options);
  function fit() { net.fit({ maxZoomLevel: 1.15, animation: false }); }
  fit();
  net.once("afterDrawing", fit); // how wide the labels are is known once they were drawn
  window.addEventListener("resize", fit);
  document.getElementById("in").addEventListener("click", function () { net.moveTo({ scale: net.getScale() * 1.3 }); });
  document.getElementById("out").addEventListener("click", function () { net.moveTo({ scale: net.getScale() / 1.3 }); });
  document.getElementById("fit").addEventListener("click", fit);
  var lines = [].slice.call(document.querySelectorAll("#said li")), every = document.getElementById("every");
  function only(id) { // what is said of the node or line that was clicked
    lines.forEach(function (x) { x.hidden = id !== null && x.dataset.of.split(" ").indexOf(id) < 0; });
    every.hidden = id === null;
  }
  if (every) {
    net.on("click", function (e) { only(e.nodes.length ? String(e.nodes[0]) : e.edges.length ? String(e.edges[0]) : null); });
    every.addEventListener("click", function () { net.unselectAll(); only(null); });
  }
})();
"""

PAGE = """<!doctype html>
<html lang="{{ page.lang }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="POLICY">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ page.title }}</title>
<style>{{ page.style|safe }}</style>
</head>
<body>
{% if page.synthetic %}<p class="synthetic" role="note">{{ page.words.synthetic }}</p>
{% endif %}{% if page.said %}<div id="both">{% endif %}<div id="net" role="img" aria-label="{{ page.title }}"></div>
{% if page.said %}<aside tabindex="0" aria-label="{{ page.words.said }}"><h1>{{ page.title }}</h1><p>{{ page.said.note }}</p>
<h2>{{ page.words.said }}</h2><button id="every" hidden>{{ page.words.every }}</button>
<ul id="said">{% for x in page.said.lines %}<li data-of="{{ x.of|join(' ') }}">{{ x.text }}{% for n in x.numbers %}
 <a href="#s{{ n }}">[{{ n }}]</a>{% endfor %}</li>
{% endfor %}</ul><h2>{{ page.words.sources }}</h2><ol>{% for x in page.said.sources %}<li id="s{{ loop.index }}">{{ x }}</li>
{% endfor %}</ol></aside></div>{% endif %}
<div class="zoom"><button id="in" aria-label="{{ page.words.closer }}" title="{{ page.words.closer }}">+</button
><button id="out" aria-label="{{ page.words.further }}" title="{{ page.words.further }}">−</button
><button id="fit" aria-label="{{ page.words.all }}" title="{{ page.words.all }}">⤢</button></div>
<footer>{% for entry in page.legend %}<span><svg width="14" height="14" viewBox="-8 -8 16 16" aria-hidden="true"
><path d="{{ entry.path }}" fill="{{ entry.color }}"/></svg>{{ entry.label }}</span>
{% endfor %}{% if page.dashed %}<span><svg width="26" height="8" aria-hidden="true"
><path d="M0 4H26" stroke="currentColor" stroke-width="1.6" stroke-dasharray="5 4"/></svg>{{ page.words.dashed }}</span>
{% endif %}{% if page.unnamed %}<span>{{ page.words.unnamed }} {{ page.unnamed }}</span>
{% endif %}{% if page.left_out %}<span><strong>{{ page.words.left_out }}</strong></span>{% endif %}</footer>
<script type="application/json" id="data">{"nodes": {{ nodes|tojson }}, "edges": {{ edges|tojson }}, "options": {{ options|safe }}}</script>
<script>{% include "lib/vis-9.1.2/vis-network.min.js" %}</script>
<script>{{ page.script|safe }}</script>
</body>
</html>
"""
