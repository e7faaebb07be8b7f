"""The ontology in the engines' words: constraints, write texts, and what publishing must read back.

These are the only Cypher texts outside `queries/`. Labels come from the ontology, values travel as parameters.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graph.ontology import Ontology

META = "InnochainGraph"
READ_META = f"MATCH (m:{META} {{id: 'graph'}}) RETURN m.version AS version, m.publishing_to AS publishing_to"
BEGIN = f"MERGE (m:{META} {{id: 'graph'}}) SET m.publishing_to = $version"
COMMIT = f"MATCH (m:{META} {{id: 'graph'}}) SET m.version = $version, m.ontology = $ontology REMOVE m.publishing_to"
FOREIGN = f"MATCH (n) WHERE NOT n:{META} RETURN count(n) AS n"
AWAIT_INDEXES = "CALL db.awaitIndexes(300)"


def constraints(ontology: Ontology) -> Iterator[str]:
    """One uniqueness constraint a kind and a relation (each is also the index that ids are found by), one full-text index."""
    for kind in ontology.kinds.values():
        yield f"CREATE CONSTRAINT innochain_{kind.name} IF NOT EXISTS FOR (n:{kind.name}) REQUIRE n.id IS UNIQUE"
    for relation in ontology.relations:
        yield f"CREATE CONSTRAINT innochain_{relation} IF NOT EXISTS FOR ()-[r:{relation}]-() REQUIRE r.id IS UNIQUE"
    # for people in Neo4j's own Browser; our search is the snapshot's index on every store
    yield (f"CREATE FULLTEXT INDEX innochain_names IF NOT EXISTS FOR (n:{'|'.join(ontology.kinds)}) ON EACH [n.name, n.aliases] "
           "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}")  # fmt: skip


def create_nodes(kind: str, types: Sequence[str]) -> str:
    return f"UNWIND $rows AS row CREATE (n:{':'.join((kind, *types))}) SET n = row"


def merge_nodes(kind: str, types: Sequence[str], all_types: Sequence[str]) -> str:
    gone = [t for t in all_types if t not in types]
    text = f"UNWIND $rows AS row MERGE (n:{kind} {{id: row.id}}) SET n = row"
    text += f" SET n:{':'.join(types)}" if types else ""
    return text + (f" REMOVE n:{':'.join(gone)}" if gone else "")


def write_edges(verb: str, relation: str, source: str, target: str) -> str:
    """`verb` is CREATE for a first load, MERGE afterwards."""
    return (f"UNWIND $rows AS row MATCH (a:{source} {{id: row.from}}) MATCH (b:{target} {{id: row.to}}) "
            f"{verb} (a)-[r:{relation} {{id: row.p.id}}]->(b) SET r = row.p")  # fmt: skip


def delete_nodes(kind: str) -> str:
    return f"UNWIND $rows AS row MATCH (n:{kind} {{id: row}}) DETACH DELETE n"


def delete_edges(relation: str) -> str:
    return f"UNWIND $rows AS row MATCH ()-[r:{relation} {{id: row}}]->() DELETE r"


def node_hashes(kind: str) -> str:
    return f"MATCH (n:{kind}) RETURN n.id AS id, n.hash AS hash"


def edge_hashes(relation: str) -> str:
    return f"MATCH ()-[r:{relation}]->() RETURN r.id AS id, r.hash AS hash"
