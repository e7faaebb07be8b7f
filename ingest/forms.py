"""Excel forms for the lists a department keeps, written from the templates: heads, an explanation row, drop-downs."""

from __future__ import annotations

from pathlib import Path

from graph.errors import BadFile, Unknown
from graph.ontology import load
from ingest.mapping import read, templates
from ingest.meaning import MUST, TableMapping

ROWS = 2000  # that the drop-downs cover


def forms() -> dict[str, TableMapping]:
    """The templates by the kind they list."""
    return {name: read(path) for name, path in templates().items()}


def named(kind: str) -> TableMapping:
    """A template by its kind's name or Chinese label, whatever the case. Raises Unknown with what there is."""
    for name, form in forms().items():
        if kind.casefold() in (name.casefold(), load().kinds[name].zh.casefold()):
            return form
    raise Unknown(f"there is no template {kind!r}; there are {', '.join(forms())}", suggestions=list(forms()))


def choices(form: TableMapping, column: str) -> list[str]:
    """What a column offers to choose from; empty where anything can be written."""
    for made in form.made:
        if made.of == column and made.map and not made.split:
            return list(made.map)
    kinds = load().kinds
    truth = any(p.column == column and kinds[t.kind].properties[p.name].is_ == "bool" for t in form.things for p in t.properties)
    return ["是", "否"] if truth else []


def write(kind: str, path: Path) -> None:
    """Write the form of a kind. Raises Unknown, and BadFile where the file cannot be written."""
    import xlsxwriter

    form = named(kind)
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet(form.title["zh"][:31])
    styles = {must: book.add_format({"bold": True, "bg_color": "#17665f" if must else "#5b6b6a", "font_color": "white", "border": 1})
              for must in (True, False)}  # fmt: skip
    told = book.add_format({"italic": True, "font_color": "#5b6b6a", "text_wrap": True, "valign": "top"})
    text = book.add_format({"num_format": "@"})  # codes of many digits stay text
    for n, (column, explanation) in enumerate(form.form.items()):
        sheet.set_column(n, n, max(12, min(30, 2 * len(column) + 4)), text)
        sheet.write(0, n, column, styles[explanation.startswith(MUST)])
        sheet.write(1, n, explanation, told)
        if offered := choices(form, column):
            sheet.data_validation(2, n, ROWS, n, {"validate": "list", "source": offered, "error_title": column,
                                                  "error_message": f"请选择：{'、'.join(offered)}"[:255]})  # fmt: skip
    sheet.set_row(1, 48)
    sheet.freeze_panes(2, 1)
    try:
        book.close()
    except (OSError, xlsxwriter.exceptions.FileCreateError) as e:
        raise BadFile(f"{path}: {getattr(e, 'strerror', None) or e}; close the file where it is open, or choose another --output") from e
