"""How fast rows of a table become claims in the ledger, and in how much memory: a register of achievements, made up.

    python tests/bench/tables.py 1000000          one measurement, as JSON; `run.py` asks for several, each in a process of its own
"""

from __future__ import annotations

import csv
import json
import os
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from graph.values import _USCC_ALPHABET as ALPHABET
from graph.values import _USCC_WEIGHTS as WEIGHTS

MAPPING = """\
title: {zh: 合成成果登记表, en: Made-up achievements}
document: {title: 合成成果登记表, standing: table}
columns:
  code: {of: 所在地, find: Region}
things:
  achievement: {kind: Achievement, name: 成果名称, year: 登记年份, keywords: {of: 关键词, split: "、"}, secrecy: 密级}
  owner: {kind: Organization, uscc: 统一社会信用代码, name: 完成单位, types: =Enterprise}
  place: {kind: Region, adcode: code}
relations:
  - {from: owner, relation: OWNS, to: achievement}
  - {from: owner, relation: LOCATED_IN, to: place}
  - {from: achievement, relation: TRANSFERRED_TO, to: owner, amount: 合同金额, transfer_date: 合同日期}
"""
HEADS = ("成果名称", "登记年份", "完成单位", "统一社会信用代码", "所在地", "关键词", "合同金额", "合同日期", "密级")
HAN = "材料化工光电智能制造航空航天生物医药"
WORDS = ("镁合金", "激光", "电池", "催化", "芯片", "薄膜")
PLACES = ("西安市", "宝鸡市", "咸阳市", "北京市", "上海市", "武汉市", "深圳市", "广州市")


def uscc(pick: random.Random) -> str:
    body = "91" + "".join(pick.choices("0123456789", k=6)) + "MA" + "".join(pick.choices(ALPHABET, k=7))
    return body + ALPHABET[-sum(w * ALPHABET.index(c) for w, c in zip(WEIGHTS, body, strict=True)) % 31]


def write_table(path: Path, rows: int) -> None:
    """A table of so many rows, one owner for twenty of them, always the same for the same number."""
    pick = random.Random(rows)
    owners = [(f"合成{''.join(pick.choices(HAN, k=6))}{n}有限公司", uscc(pick)) for n in range(max(1, rows // 20))]
    with path.open("w", encoding="utf-8", newline="") as f:
        out = csv.writer(f)
        out.writerow(HEADS)
        for n in range(rows):
            owner, code = pick.choice(owners)
            out.writerow((f"合成{''.join(pick.choices(HAN, k=8))}技术{n}", pick.randint(2010, 2025), owner, code, pick.choice(PLACES),
                          "、".join(pick.sample(WORDS, 2)), f"{pick.randint(1, 5000)}万元",
                          f"{pick.randint(2010, 2025)}-{pick.randint(1, 12):02}-{pick.randint(1, 28):02}", "公开"))  # fmt: skip


def measure(rows: int) -> dict[str, float]:
    """Rows and claims a second, end to end into the ledger, and the peak of this process's memory."""
    from ingest.load import ingest
    from ingest.source import File

    with tempfile.TemporaryDirectory(prefix="innochain-bench-") as folder:
        table, mapping = Path(folder) / "register.csv", Path(folder) / "register.yaml"
        write_table(table, rows)
        mapping.write_text(MAPPING, encoding="utf-8")
        began, busy = time.perf_counter(), time.process_time()
        outcome = ingest(Path(folder) / "w", [File(table, str(mapping))]).sources["register"]
        seconds, cpu = time.perf_counter() - began, time.process_time() - busy
    assert (outcome.read, outcome.rejected) == (rows, 0)
    return {"rows": rows, "claims": outcome.new, "seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2), "rows_per_second": round(rows / seconds),
            "claims_per_second": round(outcome.new / seconds), "peak_memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "load_average": round(os.getloadavg()[0], 2)}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]))))
