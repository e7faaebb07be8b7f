"""Whether a measure is meant for one: by the words it names its addressees with. Pure; unknown stays unknown."""

from __future__ import annotations

from dataclasses import dataclass

ADDRESSED = {  # kind or type → the words documents address it by
    "Enterprise": ("企业", "公司"), "University": ("高校", "高等学校", "大学", "院校"), "Institute": ("院所", "研究院", "科研机构", "研究机构"),
    "Hospital": ("医院", "医疗机构", "医疗卫生机构"), "PilotBase": ("中试基地", "中试平台", "中试研究基地"), "VerificationCentre": ("概念验证",),
    "TransferOrg": ("转移机构", "转化机构"), "TechManager": ("经理人", "经纪人"), "Investor": ("投资机构", "基金"), "Platform": ("平台",),
}  # fmt: skip
SIZES = {"large": ("大型", "龙头"), "medium": ("中型", "中小"), "small": ("小型", "中小", "小微"), "micro": ("微型", "小微", "中小微")}
VERDICTS = {"applies": ("适用", "applies"), "may_apply": ("可能适用", "may apply"), "does_not_apply": ("不适用", "does not apply")}


@dataclass(frozen=True)
class Judged:
    verdict: str
    zh: str
    en: str


def addressed(whom: str | None, condition: str | None, kind: str, size: str) -> Judged:
    """For whom it is: yes where its words name the kind (and size), no where they name others only, else maybe."""
    if not whom:
        return Judged("may_apply", "来源未说明对谁", "no source says for whom it is")
    named = [k for k, words in ADDRESSED.items() if any(w in whom for w in words)]
    if kind not in named:
        if named:
            return Judged("does_not_apply", f"对象为“{whom}”", f"it is for {whom!r}")
        return Judged("may_apply", f"对象“{whom}”是否包括在内不明", f"whether {whom!r} includes it is not clear")
    text = f"{whom} {condition or ''}"
    sizes = [s for s, words in SIZES.items() if any(w in text for w in words)]
    if sizes and size and size not in sizes:
        return Judged("does_not_apply", f"对规模有要求：“{text.strip()}”", f"it asks for another size: {text.strip()!r}")
    if sizes and not size:
        return Judged("may_apply", f"取决于规模：“{text.strip()}”", f"it depends on size: {text.strip()!r}")
    if condition:
        return Judged("may_apply", f"对象“{whom}”相符，附条件：{condition}", f"it is for {whom!r}, on the condition: {condition}")
    return Judged("applies", f"对象为“{whom}”", f"it is for {whom!r}")
