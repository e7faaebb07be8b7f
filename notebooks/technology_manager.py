# %% [markdown]
# # For the technology manager: which bases are there, and what is known of each?
# What a source does not state stays unknown here; an empty cell is not a no.

# %%
from graph.settings import Settings
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
