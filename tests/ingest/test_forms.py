"""The forms: they are in Excel what they promise (drop-downs, explanations), and filled in they are ingested with no mapping."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import pytest
import python_calamine
import xlsxwriter

from graph.ontology import load
from ingest.forms import choices, forms, named
from ingest.meaning import MUST
from tests.ingest.conftest import CLI

FILLED_IN = """\
Achievement: 成果名称=合成镁合金制备技术 | 成果登记号=6102024Y0001 | 完成单位=合成甲大学、合成乙研究院 | 密级=公开 | 所处阶段=中期(中试) |
    成熟度下限=4 | 成熟度上限=6 | 成熟度标尺=GB/T 37264 | 登记日期=2024年6月 | 体现形式=新工艺 | 成果水平=国内先进 | 关键词=镁、合金 |
    工艺=压铸 | 所需规模=百公斤级 | 危险性=易燃 | 需化工园区=否 | 单列管理=是 | 共有人同意=是 | 赋权=部分 | 转化方式=许可、作价入股 |
    应用行业=汽车制造 | 专利公开号=CN112345678A；CN112345679A | 说明=合成
Contract: 合同登记编号=2024610000000001 | 合同名称=合成技术转让合同 | 合同类别=转让 | 成交额=200万元 | 签订日期=2024-06-01 |
    成果名称=合成镁合金制备技术 | 成果登记号=6102024Y0001 | 转化方式=转让 | 卖方=合成甲大学 |
    卖方所在地=西安市 | 买方=合成丙公司 | 买方所在地=610300 |
    促成机构=合成转移公司 | 说明=合成
Demand: 需求名称=合成轻量化需求 | 发布单位=合成丙公司 | 预算=500万元 | 截止日期=2026年12月31日 | 合作方式=揭榜挂帅 | 发布日期=2026年3月 |
    所需领域=汽车制造 | 单位所在地=宝鸡市 | 说明=合成
Fund: 基金名称=合成种子基金 | 类型=种子 | 阶段侧重=早期 | 规模=1亿元 | 目标规模=3亿元 | 状态=已设立 | 所在地=西安市 | 管理人=合成管理公司 |
    发起方=合成甲大学、合成集团 | 投向=新材料 | 说明=合成
Instrument: 仪器名称=合成压铸机 | 所属中试基地=合成镁基地 | 型号=DC-3000 | 机时=1200 | 价格=800元 | 计价单位=每小时 | 定价方式=协商 |
    最近空档=2026年12月 | 空档截至=2026-11-01 | 说明=合成
PilotBase: 中试基地名称=合成镁基地 | 所在地=西安市 | 依托单位=合成甲大学 | 建设单位=合成丙公司、合成集团 | 面积=3000平方米 |
    设备原值=约500万元 | 人员=30人 | 验证类型=工艺验证、性能验证 | 工艺=压铸 | 承接成熟度下限=4 | 承接成熟度上限=7 | 对外开放=是 |
    独立法人=否 | 服务领域=汽车制造 | 服务产业链=镁产业链 | 持有资质=CNAS | 认定机关=合成科技厅 | 认定事项=认定 | 认定日期=2024年8月 |
    级别=省级 | 认定文号=合科发〔2024〕1号 | 有效至=2027年8月 | 联系页面=https://example.org/base | 说明=合成
Project: 项目名称=合成镁中试项目 | 类别=中试 | 成果名称=合成镁合金制备技术 | 成果登记号=6102024Y0001 |
    成果权属单位=合成甲大学 | 承担中试基地=合成镁基地 | 委托单位=合成丙公司 |
    开始=2025年3月 | 结束=2026年6月 | 结果=进行中 | 所处阶段=放大 | 产出产品=合成轮毂 | 说明=合成
Rule: 规则名称=合成收费规则 | 所属中试基地=合成镁基地 | 内容=先预约后使用 | 说明=合成
Scenario: 场景名称=合成轮毂试制场景 | 所属单位=合成丙公司 | 内容=小批量试制 | 说明=合成
Service: 服务名称=合成压铸服务 | 所属中试基地=合成镁基地 | 工艺=压铸、热处理 | 规模下限=1 | 规模上限=50 | 规模单位=吨/年 | 周期=约30天 |
    改进成果归属=双方共有 | 价格=5000元 | 计价单位=每批 | 定价方式=公示 | 最近空档=2026年12月 | 空档截至=2026-11-01 | 说明=合成
TechManager: 姓名=合成某 | 所在单位=合成甲大学 | 级别=高级 | 专长=新材料 | 认定机关=合成科技厅 | 认定日期=2024年8月 | 职务=主任
"""  # one row of each form; numbers become numbers, as in a sheet


def _filled() -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = {}
    for block in re.split(r"\n(?=\w)", FILLED_IN.strip()):
        kind, _, cells = block.partition(":")
        pairs = (c.strip().partition("=") for c in cells.split("|"))
        found[kind] = {head: int(value) if re.fullmatch(r"\d{1,4}", value) else value for head, _, value in pairs}
    return found


FILLED = _filled()
FILLED["VerificationCentre"] = {("概念验证中心名称" if k == "中试基地名称" else k): ("合成概念验证中心" if v == "合成镁基地" else v)
                                for k, v in FILLED["PilotBase"].items()}  # fmt: skip


def fill(form: Path, to: Path, cells: dict[str, object]) -> Path:
    """A copy of a form with one row more, as somebody fills it in."""
    sheet = python_calamine.CalamineWorkbook.from_path(str(form)).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert not set(cells) - set(rows[0]), "the form has a column for each"
    book = xlsxwriter.Workbook(str(to))
    out = book.add_worksheet(sheet.name)
    for r, row in enumerate([*rows, [cells.get(str(h), "") for h in rows[0]]]):
        out.write_row(r, 0, row)
    book.close()
    return to


def test_the_lists_of_a_department_all_have_a_form(cli: CLI) -> None:
    assert set(forms()) == set(FILLED)
    listed = cli("template")
    assert listed.code == 0 and all(f in listed.out for f in ("中试基地名录", "科技成果登记表", "应用场景清单", "技术合同登记表"))


@pytest.mark.parametrize("kind", FILLED)
def test_a_form_has_its_heads_explanations_and_drop_downs_in_the_file(tmp_path: Path, cli: CLI, kind: str) -> None:
    assert cli("template", kind, "-o", tmp_path / "f.xlsx").code == 0
    with zipfile.ZipFile(tmp_path / "f.xlsx") as z:
        sheet = z.read("xl/worksheets/sheet1.xml").decode()
    form = named(kind)
    offered = {c: x for c in form.columns if (x := choices(form, c))}
    lists = re.findall(r'<dataValidation type="list"[^>]*sqref="([A-Z]+)3:[A-Z]+\d+"[^>]*><formula1>"([^"]*)"</formula1>', sheet)
    assert sorted(x for _, x in lists) == sorted(",".join(x) for x in offered.values())
    rows = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "f.xlsx")).get_sheet_by_index(0).to_python()
    assert [*form.form] == rows[0] and [*form.form.values()] == rows[1] and len(rows) == 2
    assert all(str(x).startswith((MUST, "选填")) for x in rows[1]) and str(rows[1][0]).startswith(MUST)


def test_yes_and_no_and_what_is_mapped_can_be_chosen() -> None:
    assert choices(named("Achievement"), "赋权") == ["无", "部分", "全部"] and choices(named("Achievement"), "单列管理") == ["是", "否"]
    assert choices(named("Project"), "结果") == ["进行中", "通过", "失败", "终止"]
    assert choices(named("中试基地"), "认定事项") == ["培育", "备案", "认定", "批复", "复审", "撤销"]


def test_a_form_that_is_not_there_or_a_place_that_cannot_be_written_is_one_sentence(tmp_path: Path, cli: CLI) -> None:
    answer = cli("template", "Policy")
    assert answer.code == 4 and answer.err.startswith("error: there is no template 'Policy'; there are Achievement")
    answer = cli("template", "PilotBase", "-o", tmp_path / "nowhere" / "f.xlsx")
    assert answer.code == 1 and "choose another --output" in answer.err


@pytest.mark.parametrize("kind", FILLED)
def test_an_empty_form_says_that_nothing_is_in_it(tmp_path: Path, cli: CLI, kind: str) -> None:
    cli("template", kind, "-o", tmp_path / "f.xlsx")
    answer = cli("ingest", tmp_path / "f.xlsx")
    assert answer.code == 1 and "there are heads but no rows" in answer.err


def test_every_form_filled_in_goes_in_whole_and_is_shown(tmp_path: Path, cli: CLI) -> None:
    for kind, cells in FILLED.items():
        cli("template", kind, "-o", tmp_path / f"{kind}-form.xlsx")
        answer = cli("ingest", fill(tmp_path / f"{kind}-form.xlsx", tmp_path / f"{kind}.xlsx", cells))
        assert answer.code == 0, (kind, answer)
        assert re.search(rf"file-{kind}\.xlsx +1 +1 +0 ", answer.out), answer.out
    assert cli("build").code == 0
    for kind, cells in FILLED.items():
        form = named(kind)
        name = str(next(cells[c] for p in form.things[0].properties if (c := p.column) in cells and p.name == "name"))
        shown = cli("show", name)
        assert shown.code == 0 and f"({kind}" in shown.out, shown
        whole = cli("show", name, "--json").out
        for column in cells:
            assert _says(kind, column, shown.out, whole, cells), (kind, column, shown.out)


def _says(kind: str, column: str, shown: str, whole: str, cells: dict[str, object]) -> bool:
    """Is a column's property or relation on what is shown of the thing?"""
    form, ontology = named(kind), load()
    made = {column} | {m.name for m in form.made if column in m.uses}
    first = form.things[0]
    labels = [ontology.kinds[kind].properties[p.name].zh for p in first.properties if p.column in made]
    if labels:
        return any(f"  {label}: " in shown for label in labels) or str(cells[column]) in whole
    named_by = [t.name for t in form.things if any(p.column in made and p.name == "name" for p in t.properties)]
    pieces = [x for x in re.split("[、；]", str(cells[column])) if x]
    if any(first.name in (k.source, k.target) and {k.source, k.target} & set(named_by) for k in form.links):
        return all(x in shown for x in pieces)
    rest = [p for t in form.things[1:] for p in t.properties] + [p for k in form.links for p in k.properties]
    return any(p.column in made for p in rest)  # a code of another thing, or what is said of a relation
