"""Runs the service in this process."""

from __future__ import annotations

import socket
import sys

import uvicorn

from api.app import create_app, quiet_logs
from api.inputs import loopback
from graph.errors import BadParameter, InnochainError
from graph.settings import Settings


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
    print(f"Innochain: http://{host}:{port}/   (stop with Ctrl-C)", file=sys.stderr, flush=True)
    uvicorn.run(service, host=host, port=port, log_level="warning")
