"""Runs the service in this process."""

from __future__ import annotations

import socket
import sys
import threading
import time

import uvicorn
from fastapi import FastAPI

from api.app import create_app, quiet_logs
from api.inputs import loopback
from api.pages import holdings
from api.promise_pages import count_all
from graph.errors import BadParameter, InnochainError
from graph.settings import Settings
from queries.answers.candidates import fetch_all
from queries.answers.contradictions import contradictions
from queries.answers.gaps import gaps
from queries.answers.match import KINDS
from queries.answers.registry import registry
from queries.answers.sleeping import sleeping
from queries.reader import Reader

LOOK = 5.0  # seconds between looks for a new version


def serve(chosen: Settings, host: str, port: int) -> None:
    """Serve until stopped. Raises before listening when the address is taken, open to others, or the graph cannot answer."""
    if not loopback(host) and not (chosen.api_keys or chosen.open_reads):
        raise BadParameter(f"{host} can be reached by others: set INNOCHAIN_API_KEYS to the sha256 of your keys, or INNOCHAIN_OPEN_READS=1")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as e:
            raise InnochainError(f"{host}:{port} cannot be served: {e.strerror}; choose another --port") from e
    quiet_logs()
    service = create_app(chosen)
    service.state.reader.snapshot()  # an empty, foreign or unreachable store is said now, not at the first request
    service.openapi()  # a quarter of a second, kept: every route asks it which parameters it has; made before there are two threads
    threading.Thread(target=keep_ready, args=(service,), name="keep-ready", daemon=True).start()
    print(f"Innochain: http://{host}:{port}/   (stop with Ctrl-C)", file=sys.stderr, flush=True)
    uvicorn.run(service, host=host, port=port, log_level="warning")


def make_ready(reader: Reader) -> None:
    """What the first visitor of a version would wait for: at 10^6 nodes ten seconds, and half a minute for what matching needs."""
    for make in (holdings, registry, sleeping, gaps, count_all, contradictions):
        make(reader)
    _ = reader.adjacency().usual
    fetch_all(reader, KINDS.values())


def keep_ready(service: FastAPI) -> None:
    """Makes it for every version, beside the answering."""
    reader, made = service.state.reader, None
    while True:
        try:
            if (current := reader.version().current) != made:
                make_ready(reader)
                made = current
        except InnochainError:  # said to whoever asks; here it is tried again
            pass
        time.sleep(LOOK)
