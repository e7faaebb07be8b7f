"""Whether a base or centre stands on a day, from its dated recognitions. Level and status are computed, never stored.

Pure: works on events given to it. A day is an interval; an event whose first possible day has not come has not happened.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

GRANTS = ("recognised", "approved", "filed", "reviewed", "cultivated")
STATUSES = {"in_force": ("有效", "in force"), "expired": ("已过期", "expired"), "revoked": ("已撤销", "revoked"), "proposed": ("拟认定", "proposed"),
            "unknown": ("未知", "unknown")}  # fmt: skip
EVENTS = {"recognised": ("认定", "recognised"), "approved": ("批复", "approved"), "filed": ("备案", "filed"), "reviewed": ("复审", "reviewed"),
          "cultivated": ("列入培育", "taken into cultivation"), "revoked": ("撤销", "revoked"), "proposed": ("公示拟认定", "proposed")}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Event:
    """One act of an agency. `earliest` None: its day is not stated. `edge`: what tells where it is said."""

    event: str
    earliest: dt.date | None
    level: str
    valid_until: dt.date | None
    edge: int


@dataclass(frozen=True, slots=True)
class Standing:
    """`event` decided it; `undated`: a day that could change the answer is not stated; `last`: no act is later than this one."""

    status: str
    event: Event | None = None
    undated: bool = False

    def sentence(self, as_of: dt.date) -> dict[str, str]:
        if self.event is None:
            return {"zh": f"截至 {as_of} 没有已证实的认定、备案或撤销记录，状态未知。",
                    "en": f"As of {as_of} no confirmed recognition, filing or revocation is on record, so its status is unknown."}
        day = self.event.earliest
        zh, en = EVENTS.get(self.event.event, (self.event.event, self.event.event))
        until = self.event.valid_until
        ends_zh = f"，有效期至 {until}" if until else "，有效期未说明" if self.status == "in_force" else ""
        ends_en = f", valid until {until}" if until else ", no end stated" if self.status == "in_force" else ""
        doubt_zh, doubt_en = ("；日期不全，次序可能不同", "; some days are not stated, so the order may differ") if self.undated else ("", "")
        return {"zh": f"{STATUSES[self.status][0]}：{day or '日期未说明'} {self.event.level}{zh}{ends_zh}{doubt_zh}。",
                "en": f"{STATUSES[self.status][1].capitalize()}: {en} {day or 'on an unstated day'}{ends_en}{doubt_en}."}  # fmt: skip


def standing(events: Sequence[Event], as_of: dt.date) -> Standing:
    """Where these acts leave a thing on a day."""
    happened = sorted((e for e in events if e.earliest is None or e.earliest <= as_of), key=lambda e: (e.earliest or dt.date.min, e.edge))
    grants = [e for e in happened if e.event in GRANTS]
    revoked = [e for e in happened if e.event == "revoked"]
    undated = any(e.earliest is None for e in (*grants, *revoked))
    if revoked and not (grants and revoked[-1].earliest and (grants[-1].earliest or dt.date.min) > revoked[-1].earliest):
        return Standing("revoked", revoked[-1], undated and bool(grants))
    if grants:
        ends = [e.valid_until for e in grants if e.valid_until]
        last = grants[-1]
        until = last.valid_until or (max(ends) if ends and last.event == "reviewed" else None)
        shown = Event(last.event, last.earliest, last.level, until, last.edge)
        return Standing("expired" if until and until < as_of else "in_force", shown, undated)
    proposed = [e for e in happened if e.event == "proposed"]
    return Standing("proposed", proposed[-1], proposed[-1].earliest is None) if proposed else Standing("unknown")
