"""The arrays that paths are searched over, written by the build beside a snapshot's tables: a pure function of these."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from graph.ontology import Ontology

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


def write_arrays(db: DuckDBPyConnection, ontology: Ontology, folder: Path, nodes: Sequence[tuple[str, Path]], edges: Sequence[Path]) -> None:
    """Write `adjacency.npz` into a snapshot folder from its tables: about 18 bytes an edge and direction."""
    kinds, relations, modalities = list(ontology.kinds), list(ontology.relations), list(ontology.modalities)
    selects = []
    for kind, path in nodes:
        declared = ontology.kinds[kind]
        stage = "NULL" if declared.stage is None else str(declared.stage)
        if declared.types and "types" in declared.properties:
            cases = " ".join(f"WHEN '{t}' THEN {v['stage']}" for t, v in declared.types.items() if v.get("stage") is not None)
            stage = f"list_min(list_transform(types, lambda t: CASE t {cases} END))"
        selects.append(f"SELECT id, {kinds.index(kind)} AS kind, modality, since, until, ({stage})::INT AS stage FROM read_parquet('{path}')")
    codes = " ".join(f"WHEN '{m}' THEN {i}" for i, m in enumerate(modalities))
    db.execute(f"""CREATE OR REPLACE TABLE array_nodes AS SELECT row_number() OVER (ORDER BY id) - 1 AS n, id, kind, since, until,
        CASE modality {codes} END AS modality, coalesce(stage, -1) AS stage FROM ({' UNION ALL '.join(selects)})""")
    days = "coalesce(date_diff('day', DATE '1970-01-01', {0}), -2147483648)::INT"
    n = db.execute(f"""SELECT id, kind::UTINYINT AS kind, modality::UTINYINT AS modality, {days.format('since')} AS since,
        {days.format('until')} AS until, stage::TINYINT AS stage FROM array_nodes ORDER BY n""").fetchnumpy()
    wanted = []
    for path in edges:
        relation = path.stem.split("_", 1)[1].rsplit("_", 2)[0]
        wanted.append(f"""SELECT id, "from", "to", {relations.index(relation)} AS relation, confidence, since, until, modality
                          FROM read_parquet('{path}')""")
    none = """SELECT '' AS id, '' AS "from", '' AS "to", 0 AS relation, 0 AS confidence, NULL::DATE AS since, NULL::DATE AS until,
              '' AS modality WHERE false"""
    rows = " UNION ALL ".join(wanted) or none
    e = db.execute(f"""SELECT a.n::INT AS a, b.n::INT AS b, ('0x' || e.id[2:])::UBIGINT AS id, e.relation::UTINYINT AS relation,
        e.confidence::FLOAT AS confidence, {days.format('e.since')} AS since, {days.format('e.until')} AS until,
        (CASE e.modality {codes} END)::UTINYINT AS modality
        FROM ({rows}) e JOIN array_nodes a ON a.id = e."from" JOIN array_nodes b ON b.id = e."to" ORDER BY e.id""").fetchnumpy()
    a, b, m = np.asarray(e["a"]), np.asarray(e["b"]), len(e["a"])
    source = np.concatenate([a, b])
    other = np.concatenate([b, a])
    edge = np.concatenate([np.arange(m, dtype=np.int32)] * 2)
    order = np.lexsort((edge, other, source))
    arrays: dict[str, Any] = {f"node_{c}": np.asarray(n[c]) for c in ("kind", "modality", "since", "until", "stage")}
    arrays |= {f"edge_{c}": np.asarray(e[c]) for c in ("id", "relation", "confidence", "since", "until", "modality")}
    arrays["node_key"] = np.array([int(i.partition(":")[2], 16) for i in n["id"]], dtype=np.uint64)
    arrays["starts"] = np.searchsorted(source[order], np.arange(len(n["id"]) + 1)).astype(np.int64)
    arrays |= {"other": other[order].astype(np.int32), "edge": edge[order], "out": (np.arange(2 * m) < m)[order]}
    np.savez(folder / "adjacency.npz", **arrays)
