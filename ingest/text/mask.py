"""Personal data is masked before a text is stored: █ of equal length, so that every span stays valid."""

from __future__ import annotations

import re

_PERSONAL = (
    re.compile(r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"),  # mobile
    re.compile(r"(?<![\dA-Za-z])0\d{2,3}[-— ]?\d{7,8}(?!\d)"),  # land line with area code
    re.compile(r"(?<=电话)[::\s]*(?:\d[\d\-— ]{5,}\d)"),  # whatever is called a telephone number
    re.compile(r"(?<![\dA-Z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Z])"),  # identity card
    re.compile(r"(?<=联系人)[::\s]*[\u4e00-\u9fff]{2,4}"),  # contact person
    re.compile(r"[A-Za-z0-9_.+-]{1,64}@[A-Za-z0-9-]{1,63}\.[A-Za-z0-9.]{1,63}"),  # e-mail; no \w, which would take the Chinese before it
)
_KEEP = re.compile(r"^[::\s]*")
_HALF = {0xFF01 + i: 0x21 + i for i in range(94)} | dict.fromkeys(map(ord, "‐‑‒–―－"), "-") | {0x3000: " "}  # forms people also type, one for one


def mask(text: str) -> str:
    """The text with phone numbers, identity numbers, e-mail addresses and contact persons blotted out."""

    def blot(found: re.Match[str]) -> str:
        kept = _KEEP.match(found[0])
        lead = kept[0] if kept else ""
        return lead + "█" * (len(found[0]) - len(lead))

    plain = text.translate(_HALF)
    for pattern in _PERSONAL:
        plain = pattern.sub(blot, plain)
    return "".join(b if b == "█" else t for t, b in zip(text, plain, strict=True)) if "█" in plain else text
