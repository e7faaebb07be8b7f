"""Many achievements on one page: best three, what blocks, next step, what came of asking. Picked ones stand in the address by their ids;
a filled-in form is read and answered, and nothing of it is kept."""

from __future__ import annotations

import email
import email.policy
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, cast
from urllib.parse import parse_qs

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.match_pages import TARGETS
from api.match_sheet import workbook
from api.pages import shown_name
from api.tables import XLSX
from api.view import Here, View
from graph.errors import Ambiguous, BadFile, BadParameter, Unknown
from queries.answers.match_table import MOST, match_many
from queries.answers.wishes import Description
from queries.reader import Reader

MOST_BYTES = 5 * 2**20  # of a filled-in form
NAMES_BYTES = MOST * 1_000
Target = Annotated[str, Query(alias="for", pattern="^(base|centre|fund)$")]
Ids = Annotated[str, Query(max_length=MOST * 80, description="The hexadecimal parts of ids, comma-separated: an address stays short")]
Text = Annotated[str, Query(max_length=200)]
router = APIRouter(prefix="/match/batch", include_in_schema=False)


def _ids(text: str) -> list[str]:
    found = list(dict.fromkeys(f"achievement:{x.strip()}" for x in text.split(",") if x.strip()))
    if len(found) > MOST:
        raise BadParameter(f"ids: {len(found)} achievements; at most {MOST} at once, divide the list", errors=[{"parameter": "ids"}])
    return found


def _owned(reader: Reader, owner: str) -> tuple[list[str], bool]:
    """What an organisation owns, and whether there is more."""
    page = reader.ask("owner_achievements", {"owner": reader.resolve(owner, ["Organization"]), "limit": MOST})
    return list(dict.fromkeys(r["achievement"].id for r in page.rows)), bool(page.next_cursor)


def _chosen(reader: Reader, ids: str, owner: str) -> tuple[list[str], bool]:
    return (_ids(ids), False) if ids or not owner else _owned(reader, owner)


def _asked(ids: list[str]) -> dict[str, Any]:
    return {i: Description(achievement=i) for i in ids}


@router.get("")
def batch(view: Here, ids: Ids = "", owner: Text = "", for_: Target = "base", lost: Annotated[list[str], Query(max_length=MOST)] = [],  # noqa: B006
          whole: bool = False) -> Response:  # fmt: skip
    """The page; its rows come a few at a time, or all in it with `whole`."""
    trouble, chosen, cut = None, list[str](), False
    try:
        chosen, cut = _chosen(view.reader, ids, owner)
    except (Ambiguous, Unknown) as e:
        trouble = e
    current = view.reader.current(chosen)
    nodes = view.reader.nodes(current.values())
    gone = [i for i in chosen if i not in current]
    rows = [nodes[i] for i in dict.fromkeys(current.values()) if i in nodes]
    made = _rows(view, [n.id for n in rows], for_) if whole and rows else []
    return view.page("match_batch.html", trouble.status if isinstance(trouble, Unknown) else 200, nodes=rows, gone=gone, cut=cut, rows=made,
                     owner=shown_name(view, owner), trouble=trouble, target=for_, targets=TARGETS, lost=_near(view.reader, lost[:MOST]),
                     query={"ids": ids, "owner": owner, "for": for_ if for_ != "base" else ""})  # fmt: skip


def _near(reader: Reader, names: list[str]) -> list[Mapping[str, Any]]:
    """What each name that leads to no one achievement may mean."""
    return [{"query": n[:200], "candidates": reader.search(n[:200], ["Achievement"], 3)} for n in names]


@router.post("")
async def named(request: Request) -> Response:
    """A pasted list, a line each, turned into the address of its table. Lines that lead to no one achievement go along."""
    body = await _body(request, NAMES_BYTES)
    given = {k: v[-1] for k, v in parse_qs(body.decode("utf-8", "replace")).items()}
    lines = list(dict.fromkeys(x.strip()[:200] for x in given.get("names", "").splitlines() if x.strip()))
    if len(lines) > MOST:
        raise BadParameter(f"names: {len(lines)} lines; at most {MOST} at once, divide the list", errors=[{"parameter": "names"}])
    view = View(request)
    found, lost = await run_in_threadpool(_resolved, view.reader, lines)
    target = given.get("for", "base")
    query = {"ids": ",".join(i.partition(":")[2] for i in found), "lost": lost, "for": target if target != "base" else ""}
    return RedirectResponse(view.url("/match/batch", **query) + ("&lang=en" if given.get("lang") == "en" and view.lang != "en" else ""), 303)


def _resolved(reader: Reader, lines: list[str]) -> tuple[list[str], list[str]]:
    found, lost = list[str](), list[str]()
    for line in lines:
        try:
            found.append(reader.resolve(line, ["Achievement"]))
        except (Ambiguous, Unknown):
            lost.append(line)
    return list(dict.fromkeys(found)), lost


@router.get("/rows")
def rows(view: Here, ids: Ids, for_: Target = "base") -> Response:
    return view.page("match_rows.html", rows=_rows(view, _ids(ids), for_), own=True, target=for_)


def _rows(view: View, ids: list[str], target: str) -> list[dict[str, Any]]:
    return list(match_many(view.reader, _asked(ids), target)["table"]) if ids else []


@router.get("/table.xlsx")
def table(view: Here, ids: Ids = "", owner: Text = "", for_: Target = "base") -> Response:
    chosen, _ = _chosen(view.reader, ids, owner)
    return _excel(match_many(view.reader, _asked(chosen), for_))


@router.post("/file")
async def filled(request: Request, name: Annotated[str, Query(max_length=200)] = "", for_: Target = "base",
                 form: Annotated[str, Query(pattern="^(html|xlsx)$")] = "html") -> Response:  # fmt: skip
    """The table of a filled-in form; the body is the file, or a form of the page that holds it."""
    body = await _body(request, MOST_BYTES)
    if (sent := request.headers.get("content-type", "")).startswith("multipart/form-data"):
        name, body, form = _parts(sent, body)
    return await run_in_threadpool(_filled, View(request), Path(name.replace("\\", "/")).name, body, for_, form)


def _parts(sent: str, body: bytes) -> tuple[str, bytes, str]:
    """Name and content of the file in a form, and which button sent it."""
    parts = email.message_from_bytes(b"Content-Type: " + sent.encode("latin-1") + b"\r\n\r\n" + body, policy=email.policy.HTTP).iter_parts()
    held = {str(p.get_param("name", header="content-disposition")): p for p in parts}
    if (file := held.get("file")) is None or not file.get_filename():
        raise BadFile("no file was chosen")
    content, pressed = (cast(bytes, held[k].get_payload(decode=True)) if k in held else b"" for k in ("file", "form"))
    return str(file.get_filename()), content, "xlsx" if pressed.strip() == b"xlsx" else "html"


def _filled(view: View, name: str, body: bytes, target: str, form: str) -> Response:
    from ingest.asked import descriptions
    from ingest.readers import READERS

    suffix = Path(name).suffix.lower()
    if suffix not in READERS:
        raise BadFile(f"{name}: such files cannot be read; give one of {', '.join(sorted(READERS))}")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form{suffix}"
        path.write_bytes(body)
        try:
            asked = descriptions(path)
        except BadFile as e:
            raise BadFile(e.detail.replace(str(path), name)) from None
    found = match_many(view.reader, asked, target)
    if form == "xlsx":
        return _excel(found)
    return view.page("match_rows.html", rows=found["table"], own=False, target=target, name=name,
                     asked={k: d.model_dump() if isinstance(d, Description) else {} for k, d in asked.items()})  # fmt: skip


def _excel(found: Mapping[str, Any]) -> Response:
    return Response(workbook(found), media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="match.xlsx"',
                                                                        "Cache-Control": "no-store"})  # fmt: skip


async def _body(request: Request, most: int) -> bytes:
    parts, size = list[bytes](), 0
    async for block in request.stream():
        size += len(block)
        if size > most:
            raise BadFile(f"more than {most >> 10} KB; at most {MOST} achievements at once, divide the list")
        parts.append(block)
    return b"".join(parts)
