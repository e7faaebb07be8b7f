"""A text as rules read it: NFKC, character by character, with the way back to the text as it stands in the file.

Kangxi radicals, full-width letters and ligatures become plain; a span found in the view is answered as code points of the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_SENTENCE = re.compile(r"[^。!?\n]*(?:[。!?]+[”」』)]*|\n|\Z)")
_RADICALS = str.maketrans(  # CJK radicals that NFKC leaves alone
    "⺅⺆⺇⺒⺝⺟⺠⺡⺮⺼⻁⻃⻄⻅⻆⻉⻋⻌⻑⻓⻔⻘⻙⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻪⻬⻮⻰⻲",
    "亻冂几巳月母民氵竹肉虎西西见角贝车辶长长门青韦页风飞食马骨鬼鱼鸟卤麦黄黾齐齿龙龟",
)


class View:
    """`text` is the normalised view of `raw`; `span` leads back. Offsets are code points."""

    def __init__(self, raw: str) -> None:
        self.raw = raw
        known = {c: unicodedata.normalize("NFKC", c.translate(_RADICALS)) for c in set(raw)}
        pieces = [known[c] for c in raw]
        self.text = "".join(pieces)
        self._at: list[int] | None = None  # of each view character: where it stands in raw; None when all stand where they are
        if any(len(p) != 1 for p in known.values()):
            self._at = [i for i, p in enumerate(pieces) for _ in p]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) of the raw text for a non-empty span of the view."""
        return (start, end) if self._at is None else (self._at[start], self._at[end - 1] + 1)

    def sentences(self) -> Iterator[tuple[int, int]]:
        """(start, end) in the view of every sentence that is not blank."""
        for found in _SENTENCE.finditer(self.text):
            if found[0].strip():
                yield found.start(), found.end()
