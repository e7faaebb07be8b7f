"""The table of a batch as an Excel file: a line an achievement, and a second sheet with every candidate and why or why not."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from queries.answers.match_table import BEST

HEADS = ("成果 Achievement", *(f"{x} {n}" for n in range(1, BEST + 1) for x in ("基地 Base", "得分 Score", "待核 Unknown")),
         "主要阻碍 Blocking condition", "下一步 Next step", "理由 Reason", "问题 Problem")  # fmt: skip
STATUS = {"met": "✓ 符合", "not_met": "✗ 不符合", "unknown": "? 未知"}


def workbook(found: Mapping[str, Any]) -> bytes:
    """`found` is what `match_many` gives."""
    import xlsxwriter

    out = io.BytesIO()
    # a text that begins with = must stay a text: names come from anywhere
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "bg_color": "#17665f", "font_color": "white", "border": 1, "text_wrap": True})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    table = book.add_worksheet("匹配结果 Table")
    table.write_row(0, 0, HEADS, head)
    table.set_column(0, len(HEADS) - 1, 22, wrap)
    for n, row in enumerate(found["table"], 1):
        table.write_row(n, 0, _line(row))
    detail = book.add_worksheet("逐项 Detail")
    detail.write_row(0, 0, ("成果 Achievement", "基地 Base", "结论 Result", "得分 Score", "覆盖 Coverage", "条件 Conditions", "理由 Reasons",
            "缺 Missing",
                            "改变 Change"), head)  # fmt: skip
    detail.set_column(0, 8, 32, wrap)
    line = 1
    for name, answer in found["responses"].items():
        for result, items in (("可接 fits", answer.get("items", [])), ("不可 rejected", answer.get("rejected", []))):
            for item in items:
                detail.write_row(line, 0, [name, *_detail(item, result)])
                line += 1
    for sheet, columns in ((table, len(HEADS)), (detail, 9)):
        sheet.freeze_panes(1, 1)
        if found.get("synthetic"):
            sheet.write(0, columns, "合成数据，没有一条是事实 Synthetic data: nothing here is a fact", head)
    book.set_properties({"comments": f"graph version {found['graph_version']}"})
    book.close()
    return out.getvalue()


def _line(row: Mapping[str, Any]) -> list[Any]:
    cells: list[Any] = [row["achievement"]]
    for n in range(BEST):
        best = row["best"][n] if n < len(row["best"]) else None
        cells += [best["name"], best["score"], "、".join(u["zh"] for u in best["unknown"])] if best else ["", "", ""]
    b, step = row["blocking"], row["next_step"]
    cells.append(f"{b['zh']} {b['en']} ({b['candidates']}/{b['of']})" if b else "")
    cells += [f"{step['zh']} {step['en']}", step["reason"]["zh"]] if step else ["", ""]
    return [*cells, row["error"] or ""]


def _detail(item: Mapping[str, Any], result: str) -> list[Any]:
    changes = item.get("flip", {}).get("changes", [])
    return [item["node"]["name"], result, item["score"], item["coverage"],
            "\n".join(f"{STATUS[c['status']]} {c['sentence']['zh']}" for c in item["conditions"]),
            "\n".join(r["sentence"]["zh"] for r in item["reasons"] if r["value"] is not None), "、".join(u["missing"]["zh"] for u in item["unknown"]),
            "；".join(c["sentence"]["zh"] for c in changes)]
