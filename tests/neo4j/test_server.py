"""The server the other tests stand on: it answers, it routes, it refuses."""

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError


def test_it_answers(neo4j_url):
    with GraphDatabase.driver(neo4j_url.url, auth=(neo4j_url.user, neo4j_url.password)) as driver:
        records, _, _ = driver.execute_query("RETURN 1 AS one")
        assert [r["one"] for r in records] == [1]


def test_it_keeps_what_is_written_and_routes_reads(neo4j_url):
    with GraphDatabase.driver(neo4j_url.url, auth=(neo4j_url.user, neo4j_url.password)) as driver:
        driver.execute_query("CREATE (:ServerTest {name: '中试基地'})")
        try:
            records, _, _ = driver.execute_query("MATCH (n:ServerTest) RETURN n.name AS name", routing_="r")
            assert [r["name"] for r in records] == ["中试基地"]
        finally:
            driver.execute_query("MATCH (n:ServerTest) DETACH DELETE n")


def test_it_refuses_a_wrong_password(neo4j_url):
    with (
        GraphDatabase.driver(neo4j_url.url, auth=(neo4j_url.user, "not this one")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()
