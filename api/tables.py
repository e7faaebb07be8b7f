"""Tables as files: CSV that a spreadsheet opens as UTF-8, and Excel. In neither is a text taken for a formula: names come from anywhere."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import Response

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("csv", "xlsx")


def as_csv(rows: Iterable[Sequence[Any]]) -> str:
    """Rows as CSV with a byte order mark; a cell that a spreadsheet would run begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out)
    for row in rows:
        cells = ["" if v is None else str(v) for v in row]
        writer.writerow([f"'{c}" if c[:1] in ("=", "+", "-", "@", "\t", "\r") else c for c in cells])
    return "\ufeff" + out.getvalue()


def as_xlsx(rows: Iterable[Sequence[Any]], note: str = "") -> bytes:
    """Rows as one sheet, the first as its frozen head; numbers stay numbers."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head, wrap = book.add_format({"bold": True, "bg_color": "#17665f", "font_color": "white", "border": 1}), book.add_format({"text_wrap": True})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 1)
    for n, row in enumerate(rows):
        if not n:
            sheet.set_column(0, max(0, len(row) - 1), 22, wrap)
        plain = [v if isinstance(v, int | float) and not isinstance(v, bool) else "" if v is None else str(v) for v in row]
        sheet.write_row(n, 0, plain, head if not n else wrap)
    book.set_properties({"comments": note})
    book.close()
    return out.getvalue()


def sheet(form: str, name: str, rows: Iterable[Sequence[Any]], note: str = "") -> Response:
    """Rows as a download; `form` is csv or xlsx."""
    body: str | bytes = as_csv(rows) if form == "csv" else as_xlsx(rows, note)
    return Response(body, media_type="text/csv; charset=utf-8" if form == "csv" else XLSX,
                    headers={"Content-Disposition": f'attachment; filename="{name}.{form}"', "Cache-Control": "no-store"})  # fmt: skip
