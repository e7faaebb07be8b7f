# %% [markdown]
# # For the API consumer: look up, ask, follow pages, keep what has not changed
# Needs a running server (`make demo`); `INNOCHAIN_URL` names another.

# %%
import json
import os
import urllib.error
import urllib.parse
import urllib.request

URL = os.environ.get("INNOCHAIN_URL", "http://127.0.0.1:8000") + "/api/v1"


def get(path, **query):
    text = urllib.parse.urlencode(query, doseq=True)
    with urllib.request.urlopen(f"{URL}{path}?{text}") as response:
        return json.load(response)


# %% [markdown]
# ## Names first become ids, a thousand at a time

# %%
request = urllib.request.Request(URL + "/nodes/lookup", json.dumps({"queries": ["西工大", "省科技厅", "中国重型机械研究院", "镁基"]}).encode(),
                                 {"Content-Type": "application/json"})
found = json.load(urllib.request.urlopen(request))["items"]
ids = {f["query"]: f["match"]["id"] for f in found if f["match"]}
print(ids, [(f["query"], [c["name"] for c in f["candidates"]]) for f in found if not f["match"]])

# %% [markdown]
# ## Paths, with the filter, and the Cypher of any question

# %%
answer = get("/paths", **{"from": ids["中国重型机械研究院"], "to": ids["省科技厅"], "max_hops": 3, "k": 3})
print(answer["paths"][0]["explained"]["sentence"]["en"])
print(get("/bases", limit=2, explain="cypher")["cypher"]["text"])

# %% [markdown]
# ## Pages by cursor

# %%
cursor, names = None, []
while True:
    page = get("/bases", limit=5, **({"cursor": cursor} if cursor else {}))
    names += [row["base"]["name"] for row in page["items"]]
    if (cursor := page["next_cursor"]) is None:
        break
print(len(names), names[:3])

# %% [markdown]
# ## An unchanged graph costs a 304; a mistake is named

# %%
with urllib.request.urlopen(URL + "/stats") as response:
    etag = response.headers["ETag"]
for path, headers in (("/stats", {"If-None-Match": etag}), ("/bases?limit=0", {})):
    try:
        urllib.request.urlopen(urllib.request.Request(URL + path, headers=headers))
    except urllib.error.HTTPError as e:
        print(e.code, e.read().decode()[:160])
