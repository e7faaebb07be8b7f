# %% [markdown]
# # For the policy researcher: who stands between a laboratory and the market, and what says so?
# Needs a built workspace (`make demo` makes one); `INNOCHAIN_WORKSPACE` names another.

# %%
import datetime as dt

from graph.reach import Filter
from graph.settings import Settings
from queries.answers.cascade import cascade
from queries.answers.chain import chain, chains
from queries.answers.contradictions import contradictions
from queries.answers.gaps import gaps
from queries.answers.judge import conflicts, judge
from queries.answers.paths import paths
from queries.answers.promises import promises
from queries.answers.quality import overview, quality
from queries.answers.routes import routes
from queries.reader import Reader

graph = Reader(Settings())
graph.stats()["version"]

# %% [markdown]
# ## From an institute to the department that recognises bases

# %%
found = paths(graph, [graph.resolve("中国重型机械研究院")], [graph.resolve("省科技厅")], Filter())
names = {n["id"]: n["name"] for n in found["nodes"]}
for path in found["paths"]:
    print(" — ".join(names[n] for n in path["nodes"]))
    print("   ", path["explained"]["sentence"]["zh"])
assert found["paths"]

# %% [markdown]
# ## What says so: every edge carries the claims it rests on

# %%
for edge in found["edges"]:
    for said in graph.evidence(edge["properties"]["evidence"]):
        print(edge["relation"], "|", said["document"]["name"], said["place"], "|", said["note"], "|", said["quote"] or "(text not loaded)")

# %% [markdown]
# ## By what kinds of route, how many of each, and how much they say

# %%
for item in routes(graph, graph.resolve("中国重型机械研究院"), graph.resolve("省科技厅"), Filter())["items"]:
    print(item["weighted"], item["sentence"]["zh"])

# %% [markdown]
# ## The promises: what the graph holds toward each, or that it cannot be observed; 60 counts centres and bases together

# %%
today, shaanxi = dt.date.today(), graph.resolve("陕西省", ["Region"])
for item in promises(graph, today, shaanxi)["items"]:
    if (item["set"] or "").startswith("2026年底"):
        print(item["target"]["name"], "|", item["sentence"]["zh"], "|", [(r["metric"], r["shown"]) for r in item["reported"]])
for item in contradictions(graph)["items"]:
    print(item["sentence"]["zh"], [(p["document"]["name"], p["place"]) for p in item["places"][:2]])

# %% [markdown]
# ## The chain: where it stops, where nobody serves, and how sure that is

# %%
every = chains(graph, limit=3)["items"]
print([x["said"]["zh"] for x in every])
print([x["said"]["zh"] for x in chain(graph, graph.resolve("光子产业链", ["IndustryChain"]))["links"]])
for item in gaps(graph, limit=3)["items"]:
    print(item["industry"]["name"], item["stage"], item["verdict"]["zh"], [r["zh"] for r in item["reasons"]])
print(cascade(graph, graph.resolve("浙江省科学技术进步条例", ["Policy"]))["said"]["zh"])

# %% [markdown]
# ## A base by the rules, criterion by criterion; hosts that apply twice

# %%
base = graph.resolve("陕西省镁基新材料中试基地")
for result in judge(graph, [base], ["shaanxi-2024", "shaanxi-base-support"], today)["standards"]:
    print(result["label"]["zh"], [c["sentence"]["zh"] for c in result["results"][0]["criteria"]])
print(conflicts(graph, "shaanxi-2026")["items"])

# %% [markdown]
# ## What is doubtful: facts that disagree, old ones, weak evidence

# %%
print({x["list"]: x["count"] for x in overview(graph)["items"]})
for item in quality(graph, "conflicts", limit=3)["items"]:
    print(item["node"]["name"], item["sentence"]["zh"])

# %% [markdown]
# ## A view as one file: picture, what is said, numbered sources; it opens with no network

# %%
from queries.answers.views import report

view = report(graph, [graph.resolve("西北工业大学"), *(n["id"] for n in found["nodes"])], Filter(modalities=graph.ontology.modalities))
assert "出处" in view
view
