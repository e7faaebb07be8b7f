"""Where a thing lies: the one definition, worked out once a snapshot and kept with each node as `lies_in` (regions) and `lies_in_by` (why).

In this order, the first that says anything decides; only confirmed facts do:

    stated, park, code   it is located in a region or in a park within one, or states a region's code; a university's 学校标识码 holds its
                         province's (4161010698: after 41 comes 61, Shaanxi)
    name                 its name begins with a province's or city's (an organisation's or batch's: with the full name)
    recognised           an agency whose name begins with a region's recognised it or its batch, or its batch lies there
    host                 the regions that all its hosts and builders with a known place share

What was inferred is made finer by what comes after it (recognised by the province, hosted in one of its cities), what is stated is not.
Every region above counts too. Columns of ours: they are asked by, never shown.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from graph.records import UNCONFIRMED

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

USED = ("LOCATED_IN", "WITHIN", "HOSTS", "BUILDS", "RECOGNIZES", "IN_BATCH")
COUNTRY = "100000"
LONGEST = 12  # characters of a place's name
FIRMEST = "SELECT * FROM known QUALIFY rank = min(rank) OVER (PARTITION BY id)"
_SUFFIX = re.compile(r"(?:壮族自治区|回族自治区|维吾尔自治区|自治区|特别行政区|自治州|省|市|地区|盟)$")


def short_place(name: str) -> str:
    """陕西省 → 陕西; a name that would lose all but one character stays."""
    cut = _SUFFIX.sub("", name)
    return cut if len(cut) >= 2 else name


def write_places(db: DuckDBPyConnection) -> None:
    """Table `places (id, lies_in, lies_in_by)` from `nodes`, `facts`, `edges`, `shown_names`: two lists of one length, in the order of ids."""
    used = ", ".join(f"'{r}'" for r in USED)
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE sure AS
        SELECT predicate, source, target, source_kind, target_kind FROM edges WHERE predicate IN ({used}) AND strongest = 'done'
        GROUP BY ALL HAVING max(confidence) > {UNCONFIRMED};
        CREATE OR REPLACE TEMP TABLE above AS
        WITH RECURSIVE up AS (SELECT id AS region, id AS top FROM nodes WHERE kind = 'Region'
                              UNION SELECT up.region, s.target FROM up JOIN sure s ON s.source = up.top AND s.predicate = 'WITHIN')
        SELECT * FROM up;
        CREATE OR REPLACE TEMP TABLE codes AS
        SELECT subject AS id, value->>'$' AS code FROM facts WHERE kind = 'Region' AND predicate = 'adcode' AND rn = 1""")
    _heads(db)
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE known AS
        SELECT source AS id, target AS region, 'stated' AS how, 1 AS rank FROM sure WHERE predicate = 'LOCATED_IN' AND target_kind = 'Region'
        UNION SELECT l.source, w.target, 'park', 1 FROM sure l JOIN sure w ON w.source = l.target AND w.predicate = 'WITHIN'
              WHERE l.predicate = 'LOCATED_IN' AND l.target_kind = 'Park'
        UNION SELECT f.subject, c.id, 'code', 1 FROM facts f JOIN codes c ON c.code = f.value->>'$'
              WHERE f.predicate = 'region' AND f.rn = 1 AND f.confidence > {UNCONFIRMED}
        UNION SELECT f.subject, c.id, 'code', 1 FROM facts f JOIN codes c ON c.code = substr(f.value->>'$', 3, 2) || '0000'
              WHERE f.predicate = 'ministry_code' AND f.value->>'$' LIKE '4_________' AND f.rn = 1 AND f.confidence > {UNCONFIRMED}
        UNION SELECT id, region, 'name', 2 FROM named WHERE kind NOT IN ('Organization', 'Batch') OR whole;
        INSERT INTO known
        WITH act AS (SELECT DISTINCT s.target AS id, a.region FROM sure s JOIN named a ON a.id = s.source
                     WHERE s.predicate = 'RECOGNIZES' AND a.kind = 'Organization' AND a.whole),
        batch AS (FROM act UNION SELECT id, region FROM known WHERE how IN ('stated', 'name'))
        SELECT id, region, 'recognised', 3 FROM act
        UNION SELECT m.source, b.region, 'recognised', 3 FROM sure m JOIN batch b ON b.id = m.target WHERE m.predicate = 'IN_BATCH';
        INSERT INTO known
        WITH stands AS (SELECT DISTINCT h.target AS id, h.source, a.top FROM sure h JOIN ({FIRMEST}) k ON k.id = h.source AND k.rank < 3
                    JOIN above a ON a.region = k.region WHERE h.predicate IN ('HOSTS', 'BUILDS') AND h.source_kind = 'Organization'),
        hosts AS (SELECT id, count(DISTINCT source) AS n FROM stands GROUP BY id)
        SELECT id, top, 'host', 4 FROM stands JOIN hosts USING (id) GROUP BY id, top, n HAVING count(*) = n;
        CREATE OR REPLACE TABLE places AS
        WITH first AS ({FIRMEST}),
        kept AS (FROM first UNION SELECT k.* FROM known k JOIN first f ON f.id = k.id AND f.rank > 1 AND f.rank < k.rank
                                 JOIN above a ON a.region = k.region AND a.top = f.region),
        whole AS (SELECT k.id, a.top, arg_min(k.how, (k.rank, k.how)) AS how FROM kept k JOIN above a ON a.region = k.region GROUP BY k.id, a.top)
        SELECT id, list(top ORDER BY top) AS lies_in, list(how ORDER BY top) AS lies_in_by FROM whole GROUP BY id""")


def _heads(db: DuckDBPyConnection) -> None:
    """Table `named (id, kind, region, whole)`: whose name begins with a province's or city's; `whole`: with all of it, 陕西省 and not 陕西."""
    rows = db.execute("""
        SELECT n.name, c.id, c.code FROM codes c JOIN shown_names n ON n.id = c.id
        WHERE c.code LIKE '%00' AND c.code <> ? ORDER BY c.code DESC""", [COUNTRY]).fetchall()  # fmt: skip
    heads = {text: (region, text == name) for name, region, _ in rows for text in (short_place(name), name)}  # a province's short name wins
    db.execute("CREATE OR REPLACE TEMP TABLE heads (head VARCHAR, region VARCHAR, whole BOOLEAN)")
    if heads:
        db.execute("INSERT INTO heads SELECT unnest(?), unnest(?), unnest(?)", [[*heads], *map(list, zip(*heads.values(), strict=True))])
    db.execute(f"""
        CREATE OR REPLACE TEMP TABLE named AS
        SELECT n.id, n.kind, h.region, h.whole FROM nodes n JOIN shown_names s ON s.id = n.id, range(2, {LONGEST + 1}) l(n)
        JOIN heads h ON h.head = left(s.name, l.n)
        WHERE n.kind IN ('Organization', 'PilotBase', 'VerificationCentre', 'Platform', 'Laboratory', 'Fund', 'Batch')
          AND (h.whole OR NOT starts_with(s.name[l.n + 1 :], '大学'))  -- 中山大学 is not in 中山
        QUALIFY row_number() OVER (PARTITION BY n.id ORDER BY l.n DESC) = 1""")
