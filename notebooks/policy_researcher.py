# %% [markdown]
# # For the policy researcher: who stands between a laboratory and the market, and what says so?
# Needs a built workspace (`make demo` makes one); `INNOCHAIN_WORKSPACE` names another.

# %%
from graph.reach import Filter
from graph.settings import Settings
from queries.answers.paths import paths
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
# ## The promises: 60 counts centres and bases together

# %%
for row in graph.ask("targets", {"limit": 200}).rows:
    target = row["target"].properties
    if target.get("target_set", "").startswith("2026年底"):
        print(row["target"].name, target["value_shown"], target["due_shown"], target.get("counts"), row["policy"])

# %% [markdown]
# ## A view as one file: picture, what is said, numbered sources; it opens with no network

# %%
from queries.answers.views import report

view = report(graph, [graph.resolve("西北工业大学"), *(n["id"] for n in found["nodes"])], Filter(modalities=graph.ontology.modalities))
assert "出处" in view
view
