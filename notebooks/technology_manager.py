# %% [markdown]
# # For the technology manager: which bases are there, and what is known of each?
# What a source does not state stays unknown here; an empty cell is not a no.

# %%
import datetime as dt

from graph.settings import Settings
from queries.answers.match import achievements, match, pair
from queries.answers.match_table import match_many
from queries.answers.measures import measures_for
from queries.answers.registry import offers, registry
from queries.answers.sleeping import sleeping
from queries.answers.wishes import Description
from queries.reader import Reader

graph = Reader(Settings())

# %% [markdown]
# ## Bases by name, in pinyin order, with how much is known of each

# %%
rows = graph.ask("bases", {"limit": 200}).rows
for row in rows:
    known = graph.ask("base_profile", {"base": row["base"].id}).rows[0]
    print(row["base"].name, {k: v for k, v in known.items() if k != "base" and v})
assert len(rows) >= 10

# %% [markdown]
# ## Search as people type: short forms, pinyin, initials

# %%
for text in ("镁", "meijixincailiao", "光子", "西工大"):
    print(text, "→", [(hit["kind"], hit["name"]) for hit in graph.search(text, limit=3)])

# %% [markdown]
# ## One base: who built it, what it offers, what it serves

# %%
base = graph.resolve("陕西省光子集成产业领域中试基地")
for question in ("base_hosts", "base_offers", "base_served"):
    for row in graph.ask(question, {"facility": base}).rows:
        print(question, [getattr(v, "name", getattr(v, "relation", v)) for v in row.values()])

# %% [markdown]
# ## Which base can take it, why, what is unknown, and why not the others

# %%
wish = Description(field="镁合金", process="压铸", region="陕西省")
found = match(graph, wish, limit=3)
for item in found["items"]:
    print(item["node"]["name"], item["score"], [u["missing"]["zh"] for u in item["unknown"]])
    for part in (*item["conditions"], *item["reasons"]):
        print("   ", part["sentence"]["zh"], "|", [e["document"]["name"] for e in graph.evidence(part["evidence"])])
for item in found["rejected"][:3]:
    print("✗", item["node"]["name"], [w["sentence"]["zh"] for w in item["why_not"]], [c["sentence"]["zh"] for c in item["flip"]["changes"]])
print(found["next_step"]["zh"], found["next_step"]["reason"]["zh"])
assert found["items"][0]["node"]["name"] == "陕西省镁基新材料中试基地"

# %% [markdown]
# ## A centre, a fund, one pair, the reverse, and many at once

# %%
for what in ("centre", "fund"):
    print(what, [i["node"]["name"] for i in match(graph, wish, what, limit=3)["items"]])
best = found["items"][0]["node"]["id"]
print(pair(graph, wish, best)["item"]["score"], [i["node"]["name"] for i in achievements(graph, best)["items"]])
table = match_many(graph, {"轮毂": wish, "芯片": Description(field="光子", maturity="4-6")})["table"]
for row in table:
    print(row["achievement"], [b["name"] for b in row["best"]], row["blocking"], row["next_step"]["zh"])

# %% [markdown]
# ## Sleeping achievements, by a definition that is shown

# %%
asleep = sleeping(graph, limit=3)
print(asleep["definition"]["zh"])
for item in asleep["items"]:
    print(item["node"]["name"], item["score"], [r["zh"] for r in item["reasons"]])

# %% [markdown]
# ## The register on a day, who has what, and which measures apply

# %%
listed = registry(graph, region=graph.resolve("陕西省", ["Region"]), as_of=dt.date.today(), limit=5)
for item in listed["items"]:
    print(item["node"]["name"], item["status"]["zh"])
print({facet: [(v["zh"], v["count"]) for v in c["values"]] + [("未知", c["unknown"])] for facet, c in listed["facets"].items()})
for item in offers(graph, what="检测", limit=3)["items"]:
    print(item["offer"]["name"], item["owner"]["name"], item["said"]["zh"])
for item in measures_for(graph, region=graph.resolve("陕西省", ["Region"]), kind="PilotBase", limit=3)["items"]:
    print(item["verdict"]["zh"], item["measure"]["name"], item["why"]["zh"])
for question in ("funds", "managers"):
    print(question, [next(getattr(v, "name", v) for v in row.values()) for row in graph.ask(question, {"limit": 5}).rows])
