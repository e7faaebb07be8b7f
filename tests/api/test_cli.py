"""The command line as its users run it: a process, its output, its exit code."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.cli import in_words

COMMAND = [str(Path(sys.executable).with_name("innochain"))]
SEED = "shaanxi-2024-08-14-pilot-platforms.txt"


def run(workspace: Path, *args: str, **env: str) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("INNOCHAIN_")}
    return subprocess.run([*COMMAND, *args], capture_output=True, text=True, encoding="utf-8", timeout=240, cwd=workspace.parent,
                          env={**clean, "INNOCHAIN_WORKSPACE": str(workspace), **env})  # fmt: skip


def answer(workspace: Path, *args: str, **env: str) -> object:
    done = run(workspace, *args, "--json", **env)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_paths_stats_and_questions_answer_as_json(shipped_workspace: Path) -> None:
    found = answer(shipped_workspace, "paths", "中国重型机械研究院", "陕西省科学技术厅")
    assert isinstance(found, dict) and found["paths"] and set(found) == {"nodes", "edges", "paths", "truncated", "graph_version"}
    stats = answer(shipped_workspace, "stats")
    assert isinstance(stats, dict) and {"nodes", "edges", "version", "nodes_by_kind", "edges_by_relation"} <= set(stats)
    listed = answer(shipped_workspace, "ask")
    assert isinstance(listed, list) and len(listed) >= 20


def test_exit_codes_are_kept(shipped_workspace: Path, tmp_path: Path) -> None:
    assert run(shipped_workspace, "search", "西工大").returncode == 0
    assert run(shipped_workspace, "search", "无此名称之物").returncode == 4
    assert run(shipped_workspace, "show", "无此名称之物").returncode == 4
    assert run(shipped_workspace, "ask", "bases", "--year", "1980").returncode == 4
    assert run(shipped_workspace, "ask", "bases", "--limit", "soon").returncode == 2
    assert run(shipped_workspace, "no-such-command").returncode == 2
    assert run(tmp_path / "nothing", "stats").returncode == 1


def test_data_goes_to_stdout_and_messages_to_stderr(shipped_workspace: Path) -> None:
    done = run(shipped_workspace, "ask", "bases", "--limit", "3")
    assert "中试基地" in done.stdout and "more: --cursor" in done.stderr and "more:" not in done.stdout


def test_an_ambiguous_name_lists_the_candidates(tmp_path: Path) -> None:
    table = tmp_path / "twins.csv"
    table.write_text("kind,subject,predicate,value\nOrganization,@a,name,双生研究院\nOrganization,@a,region,610100\n"
                     "Organization,@b,name,双生研究院\nOrganization,@b,region,610300\n", encoding="utf-8")  # fmt: skip
    workspace = tmp_path / "ws"
    assert run(workspace, "ingest", str(table)).returncode == 0 and run(workspace, "build").returncode == 0
    done = run(workspace, "show", "双生研究院")
    assert done.returncode == 2 and done.stderr.count("organization:") == 2


def test_rows_that_do_not_fit_are_listed_and_the_others_go_in(tmp_path: Path) -> None:
    table = tmp_path / "mixed.csv"
    table.write_text("kind,subject,predicate,value\nFund,好基金,size,1亿元\nFund,坏基金,size,很多钱\n", encoding="gb18030")
    workspace = tmp_path / "ws"
    done = run(workspace, "ingest", str(table))
    rejected = (workspace / "rejected.csv").read_text(encoding="utf-8-sig")
    assert done.returncode == 3 and "gb18030" in done.stdout and "坏基金" in rejected and "不是数量" in rejected and "好基金" not in rejected
    assert run(workspace, "build").returncode == 0 and run(workspace, "show", "好基金").returncode == 0


@pytest.mark.parametrize(("name", "text", "told"), [
    ("unknown.csv", "kind,subject,colour\nFund,x,red\n", "unknown column 'colour'"), ("empty.csv", "", "empty"),
    ("heads.csv", "kind,subject\n", "no rows"), ("what.odt", "x", ".odt files cannot be read"),
        ("what.docx", "x", "cannot be read as a DOCX file"), ("what.pdf", "x", "cannot be read as a PDF file"),
])  # fmt: skip
def test_a_file_that_cannot_be_right_gets_one_clear_message(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    done = run(tmp_path / "ws", "ingest", str(path))
    assert done.returncode == 1 and told in done.stderr and name in done.stderr and "Traceback" not in done.stderr


def test_a_changed_character_makes_the_check_name_the_facts(tmp_path: Path, shipped_workspace: Path, shared: Path) -> None:
    workspace, edited = tmp_path / "ws", tmp_path / SEED
    shutil.copytree(shipped_workspace, workspace)
    assert run(workspace, "ingest", str(shared / "data/seed" / SEED)).returncode == 0
    good = answer(workspace, "check-evidence")
    assert isinstance(good, dict) and good["holds"] > 300 and good["failed"] == 0
    edited.write_text((shared / "data/seed" / SEED).read_text(encoding="utf-8").replace("621名", "622名"), encoding="utf-8")
    assert run(workspace, "ingest", str(edited)).returncode == 0
    done = run(workspace, "check-evidence", "--json")
    bad = next(d for d in json.loads(done.stdout)["documents"] if d["failed"])
    assert done.returncode == 1 and bad["text"] == "changed" and bad["failed"] and all("622名" in f["found"] for f in bad["failed"])


def test_a_drawing_needs_no_network(tmp_path: Path, shipped_workspace: Path) -> None:
    out = tmp_path / "picture.html"
    assert run(shipped_workspace, "draw", "西工大", "-o", str(out)).returncode == 0
    html = out.read_text(encoding="utf-8")
    assert "西北工业大学" in html and 'src="http' not in html and 'href="http' not in html


def test_serving_off_loopback_needs_keys(shipped_workspace: Path) -> None:
    done = run(shipped_workspace, "serve", "--host", "0.0.0.0", "--port", "0")
    assert done.returncode == 2 and "INNOCHAIN_API_KEYS" in done.stderr


@contextmanager
def serving(workspace: Path, *args: str) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {**os.environ, "INNOCHAIN_WORKSPACE": str(workspace)}
    process = subprocess.Popen([*COMMAND, *args, "--port", str(port)], env=env, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=1).close()
                break
            except OSError:
                time.sleep(0.2)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def test_demo_builds_an_empty_workspace_and_serves_it_and_a_taken_port_is_said(tmp_path: Path) -> None:
    with serving(tmp_path / "ws", "demo") as url:
        with urllib.request.urlopen(f"{url}/readyz") as response:
            assert json.loads(response.read())["status"] == "ready"
        done = run(tmp_path / "ws", "serve", "--port", url.rsplit(":", 1)[1])
        assert done.returncode == 1 and "choose another --port" in done.stderr


def test_the_same_commands_answer_alike_from_neo4j(tmp_path: Path, shipped_workspace: Path, neo4j_url: object) -> None:
    workspace = tmp_path / "ws"
    shutil.copytree(shipped_workspace, workspace)
    server = {"INNOCHAIN_NEO4J_USER": neo4j_url.user, "INNOCHAIN_NEO4J_PASSWORD": neo4j_url.password}  # type: ignore[attr-defined]
    store = ("--store", neo4j_url.url)  # type: ignore[attr-defined]
    empty(neo4j_url)
    assert run(workspace, "publish", *store, **server).returncode == 0
    for command in (["stats"], ["paths", "中国重型机械研究院", "陕西省科学技术厅"], ["paths", "西工大", "西安交通大学"],
                    ["search", "镁"], ["show", "西工大"], ["ask"], ["ask", "targets"], ["ask", "funds"],
                    ["ask", "university_chain", "--university", "西工大"]):  # fmt: skip
        assert answer(workspace, *command, *store, **server) == answer(workspace, *command), command
    refused = run(workspace, "stats", *store, **{**server, "INNOCHAIN_NEO4J_PASSWORD": "wrong"})
    assert refused.returncode == 1 and "refuses the user or the password" in refused.stderr and "wrong" not in refused.stderr


def empty(server: object) -> None:
    from neo4j import GraphDatabase

    with GraphDatabase.driver(server.url, auth=(server.user, server.password)) as driver:  # type: ignore[attr-defined]
        driver.execute_query("MATCH (n) DETACH DELETE n")


@pytest.mark.parametrize("kilobytes", (1, 100, 300))
def test_a_full_disk_is_said_in_one_line_and_what_was_there_stays(shipped_workspace: Path, tmp_path: Path, kilobytes: int) -> None:
    workspace = tmp_path / "ws"
    shutil.copytree(shipped_workspace, workspace)
    before = answer(workspace, "stats")
    (tmp_path / "more.csv").write_text("kind,subject\nPilotBase,某某中试基地\n", encoding="utf-8")
    assert run(workspace, "ingest", str(tmp_path / "more.csv")).returncode == 0
    failed = subprocess.run(["sh", "-c", f'ulimit -f {kilobytes * 2}; exec "$0" build', *COMMAND], capture_output=True, text=True, encoding="utf-8",
                            env={**os.environ, "INNOCHAIN_WORKSPACE": str(workspace)}, timeout=240)  # fmt: skip
    assert failed.returncode == 1 and "Traceback" not in failed.stderr
    assert "nothing that was there before has changed" in failed.stderr.lower()
    assert answer(workspace, "stats") == before
    assert run(workspace, "build").returncode == 0 and answer(workspace, "stats")["nodes"] == before["nodes"] + 2  # type: ignore[index]


@pytest.mark.parametrize(("told", "full"), [("IO Error: Could not write file: No space left on device", True), ("database or disk is full", True),
                                           ("Parser Error: syntax error at or near \"at\"\nLINE 1", False), ("file is not a database", False)])
def test_an_engines_own_words_are_passed_on_and_a_full_disk_only_where_it_is_one(told: str, full: bool) -> None:
    words = in_words(sqlite3.OperationalError(told))
    assert words.startswith(told.splitlines()[0]) and ("the disk is full" in words) == full and "\n" not in words
