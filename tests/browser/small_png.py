"""A picture with 256 colours: a page of text needs no more, and a folder of pictures in the repository stays small."""

from __future__ import annotations

import base64
import struct
import zlib

import numpy as np
from playwright.sync_api import Page

# Chromium decodes what it made; no picture library is needed for that.
PIXELS = """async png => {
    const image = await createImageBitmap(await (await fetch("data:image/png;base64," + png)).blob());
    const canvas = new OffscreenCanvas(image.width, image.height), pen = canvas.getContext("2d");
    pen.drawImage(image, 0, 0);
    const read = new FileReader();
    await new Promise(done => { read.onload = done; read.readAsDataURL(new Blob([pen.getImageData(0, 0, image.width, image.height).data])); });
    return [image.width, image.height, read.result.split(",")[1]];
}"""


def small(page: Page, png: bytes) -> bytes:
    """The same picture with a palette. `page`: any page whose policy lets it fetch data addresses, such as about:blank."""
    wide, high, raw = page.evaluate(PIXELS, base64.b64encode(png).decode())
    pixels = np.frombuffer(base64.b64decode(raw), np.uint8).reshape(-1, 4)[:, :3]
    coarse = (pixels.astype(np.uint16) >> 3) @ np.array([1024, 32, 1], np.uint16)
    _, bucket, many = np.unique(coarse, return_inverse=True, return_counts=True)
    colours = np.stack([np.bincount(bucket, pixels[:, c]) / many for c in range(3)], axis=1)  # what a bucket's pixels are on average
    nearest, palette = _nearest(colours, many)
    rows = nearest[bucket].reshape(high, wide)
    body = zlib.compress(np.hstack([np.zeros((high, 1), np.uint8), rows]).tobytes(), 9)  # each row begins with its filter: none
    head = struct.pack(">IIBBBBB", wide, high, 8, 3, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*c) for c in (
        (b"IHDR", head), (b"PLTE", palette.round().astype(np.uint8).tobytes()), (b"IDAT", body), (b"IEND", b"")))  # fmt: skip


def _nearest(colours: np.ndarray, many: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(place in the palette by colour, palette): the commonest first, then what is farthest from all so far: a small red mark stays red."""
    chosen = list(np.argsort(-many, kind="stable")[:160])
    away = ((colours[:, None] - colours[chosen][None]) ** 2).sum(axis=2)
    nearest, least = away.argmin(axis=1), away.min(axis=1)
    while len(chosen) < 256 and least.max() > 0:
        chosen.append(least.argmax())
        to_new = ((colours - colours[chosen[-1]]) ** 2).sum(axis=1)
        nearest, least = np.where(to_new < least, len(chosen) - 1, nearest), np.minimum(least, to_new)
    return nearest.astype(np.uint8), colours[chosen]


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
