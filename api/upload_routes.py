"""Uploads: a file is looked at first (what is in it, what would become of every row), then taken in. Rejected rows come back as a file.

The body is the file itself; its name comes beside it. What is uploaded lies in the workspace under `uploads/` by its hash.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import re
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import FileResponse

from api.inputs import answer, listed
from api.jobs import Jobs, Report
from api.review_routes import may_write
from graph.errors import BadFile, BadParameter, Unknown
from graph.settings import Settings
from ingest import mapping as mappings
from ingest import quarantine
from ingest.files import TEXTS
from ingest.grids import grids
from ingest.load import Rules, ingest
from ingest.readers import READERS
from ingest.source import chosen

router = APIRouter(tags=["ingest"])
MOST_BYTES = 300 * 2**20  # of one upload; a larger file is given to the command line
PREVIEWED = 8  # rows of a sheet
_ID = re.compile(r"[0-9a-f]{16}")
Name = Annotated[str, Query(min_length=1, max_length=200, description="The file's name, with its ending")]
As = Annotated[str, Query(alias="as", max_length=100, description="What it is: a mapping or form; empty = by its heads")]


@router.post("/uploads", status_code=201, summary="Put a file aside to be looked at: the body is the file")
async def upload(request: Request, name: Name) -> Response:
    may_write(request, "application/octet-stream")
    plain = Path(name.replace("\\", "/")).name
    if Path(plain).suffix.lower() not in (*TEXTS, *READERS):
        raise BadFile(f"{plain}: such files cannot be read; give one of {', '.join(sorted({*TEXTS, *READERS}))}")
    folder: Path = request.app.state.settings.workspace / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    beside, digest, size = folder / f".{os.getpid()}.{id(request)}", hashlib.sha256(), 0
    try:
        with beside.open("wb") as f:
            async for block in request.stream():
                size += len(block)
                if size > MOST_BYTES:
                    raise BadFile(f"{plain}: more than {MOST_BYTES >> 20} MB; give it to `innochain ingest` on the server")
                digest.update(block)
                f.write(block)
        if not size:
            raise BadFile(f"{plain}: the file is empty")
        held = folder / digest.hexdigest()[:16]
        held.mkdir(exist_ok=True)
        beside.replace(held / plain)
    finally:
        beside.unlink(missing_ok=True)
    return answer({"id": held.name, "name": plain, "bytes": size, "forms": _forms()}, 201)


def _forms() -> list[dict[str, Any]]:
    """What a table can be read as."""
    return [{"name": n, "title": mappings.read(p).title} for n, p in (mappings.templates() | mappings.shipped()).items()]


def _file(settings: Settings, upload_id: str) -> Path:
    folder = settings.workspace / "uploads" / upload_id
    if not _ID.fullmatch(upload_id) or not folder.is_dir():
        raise Unknown(f"there is no upload {upload_id!r}; upload the file again", suggestions=[])
    return max(folder.iterdir(), key=lambda p: p.stat().st_mtime)


@router.get("/uploads/{upload_id}", summary="The first rows of an uploaded table, or the first lines of a document")
def preview(request: Request, upload_id: str, as_: As = "") -> Response:
    may_write(request, "")  # what is not in the graph yet is for those who bring it
    path = _file(request.app.state.settings, upload_id)
    if path.suffix.lower() in TEXTS:
        from ingest.text.formats import text_of

        return answer({"name": path.name, "text": text_of(path).text[:1200], "sheets": []})
    known = mappings.templates() | mappings.shipped()
    if as_ and as_ not in known:
        raise BadParameter(f"as: there is no mapping {as_!r}; there are {', '.join(known)}", errors=[{"parameter": "as", "value": as_}])
    wanted = {c for n, p in known.items() if as_ in ("", n) for c in mappings.read(p).columns} | {"kind", "subject", "predicate"}
    with grids(path, wanted) as found:
        sheets = [{"name": g.name, "encoding": g.encoding, "heads": list(g.heads),
                   "rows": [[n, *cells] for n, cells in itertools.islice(g.rows, PREVIEWED)]} for g in itertools.islice(found, 5)]  # fmt: skip
    return answer({"name": path.name, "text": None, "sheets": sheets})


@router.post("/uploads/{upload_id}/check", status_code=202, summary="Say what would become of every row; writes nothing")
def check(request: Request, upload_id: str, as_: As = "") -> Response:
    return _job(request, upload_id, as_, dry=True)


@router.post("/uploads/{upload_id}/ingest", status_code=202, summary="Take it in: rows that do not fit are set aside")
def take(request: Request, upload_id: str, as_: As = "") -> Response:
    return _job(request, upload_id, as_, dry=False)


def _job(request: Request, upload_id: str, as_: str, dry: bool) -> Response:
    may_write(request)
    settings: Settings = request.app.state.settings
    path, jobs = _file(settings, upload_id), request.app.state.jobs
    sources = chosen([str(path)], as_)

    def work(report: Report) -> Any:
        made = ingest(settings.workspace, sources, report, Rules(dry=dry, max_shrink=settings.max_shrink))
        return {"dry_run": dry, "sources": {n: {**asdict(o), "quarantine": o.quarantine and o.quarantine.stem} for n, o in made.sources.items()}}

    held: Jobs = jobs
    return answer(held.start("check" if dry else "ingest", work), 202)


@router.get("/quarantine", summary="Sources that have rows set aside")
def waiting(request: Request) -> Response:
    return listed(quarantine.waiting(request.app.state.settings.workspace), request.app.state.reader.version().shown)


@router.get("/quarantine/{source}", summary="The rows of a source that were set aside, as a CSV that Excel opens")
def rejected(request: Request, source: str) -> Response:
    may_write(request, "")
    path = quarantine.path_of(request.app.state.settings.workspace, source)
    if "/" in source or "\\" in source or source.startswith(".") or not path.is_file():
        raise Unknown(f"no rows of {source!r} are set aside", suggestions=[])
    return FileResponse(path, media_type="text/csv; charset=utf-8", filename=path.name)


@router.get("/templates/{kind}", summary="The Excel form of a list a department keeps")
def template(request: Request, kind: str) -> Response:
    from ingest.forms import named, write

    form = named(kind)
    folder: Path = request.app.state.settings.workspace / "uploads"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f".{form.name}.{os.getpid()}.{id(request)}.xlsx"
    try:
        write(form.name, path)
        body = path.read_bytes()
    finally:
        path.unlink(missing_ok=True)
    return Response(body, media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
                    headers={"Content-Disposition": f'attachment; filename="{form.name}.xlsx"'})  # fmt: skip
