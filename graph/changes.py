"""What changed between two versions: ids of nodes and edges added, changed and removed, by their content hashes."""

from __future__ import annotations

from graph.snapshot import Snapshot


def changes(before: Snapshot, after: Snapshot) -> list[dict[str, str]]:
    """Rows `{what: node|edge, id, change: added|changed|removed}`, by id."""
    import duckdb

    with duckdb.connect() as db:
        for name, snapshot in (("before", before), ("after", after)):
            db.execute(f"CREATE TABLE {name} (what VARCHAR, id VARCHAR, hash VARCHAR)")
            for what, files in (("node", [p for _, p in snapshot.node_tables()]), ("edge", [t[3] for t in snapshot.edge_tables()])):
                if files:
                    db.execute(f"INSERT INTO {name} SELECT ?, id, hash FROM read_parquet(?, union_by_name=true)", [what, list(map(str, files))])
        rows = db.execute("""
            SELECT what, id, CASE WHEN b.hash IS NULL THEN 'added' WHEN a.hash IS NULL THEN 'removed' ELSE 'changed' END
            FROM after a FULL JOIN before b USING (what, id) WHERE a.hash IS DISTINCT FROM b.hash ORDER BY what DESC, id""").fetchall()
    return [{"what": w, "id": i, "change": c} for w, i, c in rows]

