"""The made-up province: how many of what there are, how they hang together, in which words. See `ingest.synth`.

Counts are shares of a hundred nodes; whatever is picked is picked by a generator of its own kind, so that a change in one
kind leaves the others as they were.
"""

from __future__ import annotations

import datetime as dt
import itertools
import random
from typing import Any

from graph.records import node_id
from ingest.planted import plant
from ingest.synth import Teller, amount, day, flag, money, number, text

TODAY, CUTOFF = dt.date(2026, 6, 30), dt.date(2025, 12, 31)  # what is asked as of; what is known by then
SHARES = {"Organization": 22.0, "Patent": 10.0, "Project": 8.0, "Product": 2.0, "PilotBase": 1.2, "VerificationCentre": 0.8, "Platform": 0.2,
          "Laboratory": 0.6, "Service": 5.0, "Instrument": 3.0, "Scenario": 0.5, "Rule": 0.5, "Demand": 4.0, "Contract": 3.0, "Fund": 0.5,
          "TechManager": 0.8, "Segment": 0.3, "Park": 0.1, "Policy": 0.3, "Measure": 0.5, "Target": 0.2, "Observation": 0.4}  # fmt: skip
HAN = "华兴安泰康瑞德盛金银光明宏达信诚恒远天地海洋江河山川春秋新中东西南北国民博雅凯利通顺吉祥福禄寿喜龙凤鹏飞腾跃永和平正大成"
FIELDS = ("新材料", "生物医药", "光电", "智能制造", "航空航天", "新能源", "化工", "电子信息", "现代农业", "节能环保")
PROCESSES = ("压铸", "挤出", "喷涂", "发酵", "萃取", "烧结", "热处理", "精密加工", "封装", "镀膜")
SUFFIX = {"Patent": "装置", "Project": "项目", "Product": "产品", "PilotBase": "中试基地", "VerificationCentre": "概念验证中心", "Platform": "平台",
          "Laboratory": "实验室", "Service": "服务", "Instrument": "仪器", "Scenario": "场景", "Rule": "规则", "Demand": "需求", "Contract": "合同",
          "Fund": "基金", "TechManager": "经理人", "Segment": "环节", "Park": "园区", "Measure": "举措", "Target": "目标", "Observation": "数字",
          "Achievement": "技术"}  # fmt: skip
ORGANIZATIONS = (("有限公司", "Enterprise", 0.86), ("大学", "University", 0.90), ("研究院", "Institute", 0.95), ("投资", "Investor", 0.97),
                 ("医院", "Hospital", 0.985), ("技术转移中心", "TransferOrg", 0.995), ("联盟", "Alliance", 1.0))  # fmt: skip
PER_CHAIN = 8  # segments of an industry chain
LEVELS = ("省级", "市级", "国家级")


class Province:
    """Tells a whole province. `ids` are what was told, by kind; `at` is the district of a thing that lies somewhere."""

    def __init__(self, teller: Teller, nodes: int, seed: int) -> None:
        self.t, self.nodes, self.seed = teller, nodes, seed
        self.count = {k: max(4, int(nodes * s / 100)) for k, s in SHARES.items()}
        self.ids: dict[str, list[str]] = {}
        self.of_type: dict[str, list[str]] = {}
        self.at: dict[str, str] = {}
        self.cities: list[str] = []
        self.districts: list[list[str]] = []  # of each city
        self.moved: set[str] = set()
        self.serves: dict[str, list[str]] = {}  # segment → bases
        self.document = ""

    def rng(self, what: str) -> random.Random:
        return random.Random(f"{self.seed}:{what}")

    def tell(self) -> dict[str, Any]:
        """State everything; give what was planted."""
        self.document = self.t.document(f"合成省创新链年报{self.seed}", dt.date(2026, 6, 1))
        self._places()
        self._industries()
        self._organizations()
        self._facilities()
        self._offers()
        self._money_and_people()
        self._policies()
        planted = plant(self)
        self._achievements(self.nodes - self.t.nodes - sum(self.count[k] for k in ("Project", "Product", "Contract", "Patent", "Demand")))
        self._demands()
        return {"seed": self.seed, "as_of": TODAY.isoformat(), "cutoff": CUTOFF.isoformat(), **planted}

    def name(self, kind: str, n: int, pick: random.Random) -> str:
        return f"合成{''.join(pick.choices(HAN, k=3))}{n}{SUFFIX[kind]}"

    def make(self, kind: str, name: str, modality: str = "done", **values: Any) -> str:
        """A thing known by its name."""
        made = self.t.node(kind, node_id(kind, (("name", name),)), name, modality, **values)
        self.ids.setdefault(kind, []).append(made)
        return made

    def place(self, thing: str, kind: str, pick: random.Random) -> str:
        """Put a thing into a district (one in three) or only into its city; the first cities are the larger ones."""
        city = int(pick.random() ** 2 * len(self.cities))
        region = pick.choice(self.districts[city]) if pick.random() < 0.33 else self.cities[city]
        self.at[thing] = self.cities[city]
        self.t.edge(thing, kind, "LOCATED_IN", region)
        return region

    @staticmethod
    def date(pick: random.Random, first: int = 2015, last: dt.date = CUTOFF) -> dt.date:
        begin = dt.date(first, 1, 1)
        return begin + dt.timedelta(days=pick.randrange((last - begin).days))

    # ---- where, what for

    def _region(self, code: str, name: str, level: str, within: str | None) -> str:
        made = self.t.node("Region", node_id("Region", (("adcode", code),)), name, adcode=text(code), level=text(level))
        self.ids.setdefault("Region", []).append(made)
        if within:
            self.t.edge(made, "Region", "WITHIN", within)
        return made

    def _places(self) -> None:
        province = self._region("990000", "合成省", "province", None)
        for c in range(1, min(20, 4 + self.nodes // 5_000) + 1):
            self.cities.append(self._region(f"99{c:02}00", f"合成{c}市", "city", province))
            self.districts.append([self._region(f"99{c:02}{d:02}", f"合成{c}市{d}区", "district", self.cities[-1]) for d in range(1, 6)])
        pick = self.rng("Park")
        for n in range(self.count["Park"]):
            known: dict[str, Any] = {"chemical_park": flag(pick.random() < 0.5)} if pick.random() < 0.7 else {}
            park = self.make("Park", self.name("Park", n, pick), **known)
            self.t.edge(park, "Park", "WITHIN", pick.choice(self.districts[n % len(self.cities)]))

    def _industries(self) -> None:
        stages = [self.make("Stage", f"合成阶段{n}", position=number(n)) for n in range(1, 5)]
        for a, b in itertools.pairwise(stages):
            self.t.edge(a, "Stage", "PRECEDES", b)
        for name in FIELDS:
            self.make("Field", f"合成{name}")
        pick, previous = self.rng("Segment"), ""
        for n in range(self.count["Segment"]):
            if n % PER_CHAIN == 0:
                chain, previous = self.make("IndustryChain", f"合成产业链{n // PER_CHAIN + 1}", level=text("省级")), ""
            at = n % PER_CHAIN
            segment = self.make("Segment", self.name("Segment", n, pick), position=text(("up", "mid", "down")[at * 3 // PER_CHAIN]))
            self.t.edge(segment, "Segment", "PART_OF", chain)
            if previous:
                self.t.edge(previous, "Segment", "FEEDS", segment)
            previous = segment

    # ---- who

    def _organizations(self) -> None:
        pick = self.rng("Organization")
        self.agency = self.make("Organization", "合成省科技厅", types=text("Agency"), region=text("990000"))
        self.t.edge(self.agency, "Organization", "LOCATED_IN", self.ids["Region"][0])
        self.bureaus = []
        for n, city in enumerate(self.cities, 1):
            self.bureaus.append(self.make("Organization", f"合成{n}市科技局", types=text("Agency"), region=text(f"99{n:02}00")))
            self.t.edge(self.bureaus[-1], "Organization", "LOCATED_IN", city)
        for n in range(self.count["Organization"]):
            share = (n * 0.618034) % 1
            suffix, kind, _ = next(o for o in ORGANIZATIONS if share <= o[2])
            size = _if(kind == "Enterprise" and pick.random() < 0.8, size_class=text(pick.choice(("large", "medium", "small", "micro"))))
            name = f"合成{''.join(pick.choices(HAN, k=3))}{n}{suffix}"
            made = self.make("Organization", name, types=text(kind), **size)
            self.of_type.setdefault(kind, []).append(made)
            self.place(made, "Organization", pick)
            if kind == "Enterprise":
                self._enterprise(n, made, pick)
        for kind in ("University", "Institute", "Investor"):
            assert self.of_type[kind], "a thousand nodes have them all"
        chains = self.ids["IndustryChain"]
        for n, chain in enumerate(chains):
            self.t.edge(self.of_type["Enterprise"][n], "Organization", "OPERATES_IN", chain, role=text("chain_leader"))

    def _enterprise(self, n: int, made: str, pick: random.Random) -> None:
        if pick.random() < 0.6:
            role = "chain_leader" if n % 400 == 0 else "member"
            self.t.edge(made, "Organization", "OPERATES_IN", pick.choice(self.ids["Segment"]), role=text(role))
        if n % 40 == 7:
            owner = self.of_type["Enterprise"][pick.randrange(len(self.of_type["Enterprise"]) - 1)]
            self.t.edge(owner, "Organization", "HOLDS_SHARES_IN", made, controlling=flag(n % 80 == 7))
        if n % 30 == 11 and self.of_type.get("University"):
            other = pick.choice(self.of_type["University"])
            self.t.edge(other, "Organization", "COOPERATES_WITH", made, confidence=0.8)
            if n % 60 == 11:
                self.t.edge(other, "Organization", "SPUN_OUT", made, since=self.date(pick))

    # ---- facilities and what they offer

    def _facilities(self) -> None:
        batches = [self.make("Batch", f"合成{y}年批次", member_kind=text("PilotBase"), year=number(y), level=text("省级"),
                             stated_members=amount(20, "家", "20家")) for y in range(2021, 2026)]  # fmt: skip
        for n, batch in enumerate(batches):
            self.t.edge(self.agency, "Organization", "RECOGNIZES", batch, event=text("recognised"), event_date=day(dt.date(2021 + n, 9, 1)))
            self.t.edge(self.document, "Document", "STATES", batch)
        credentials = [self.make("Credential", f"合成{c}资质", issuer=text("合成发证机关"), credential_kind=text("qualification"))
                       for c in ("保密", "CNAS", "危化", "GMP", "环评")]  # fmt: skip
        for kind in ("PilotBase", "VerificationCentre", "Platform", "Laboratory"):
            pick = self.rng(kind)
            hosts = [*self.of_type["University"], *self.of_type["Institute"], *self.of_type["Enterprise"][: self.count[kind]]]
            for n in range(self.count[kind]):
                made = self.make(kind, self.name(kind, n, pick), **self._capacity(kind, pick))
                self.place(made, kind, pick)
                self.t.edge(pick.choice(hosts), "Organization", "HOSTS", made, role=text(pick.choice(("relied_on", "lead", "joint"))))
                for segment in [] if kind == "Laboratory" else {self.ids["Segment"][n % self.count["Segment"]], pick.choice(self.ids["Segment"])}:
                    self.t.edge(made, kind, "SERVES", segment)
                    self.serves.setdefault(segment, []).append(made)
                if kind in ("PilotBase", "VerificationCentre"):
                    self.t.edge(made, kind, "SERVES", pick.choice(self.ids["Field"]))
                    self._recognition(made, kind, n, pick, batches)
                if kind == "PilotBase" and n % 3 == 0:
                    until = dt.date(pick.choice((2024, 2027, 2028)), 12, 31)
                    self.t.edge(made, kind, "HOLDS", pick.choice(credentials), dt.date(2021, 1, 1), until, scope=text(pick.choice(PROCESSES)))
                if kind == "PilotBase" and n % 10 == 0:
                    self.t.edge(pick.choice(self.of_type["Enterprise"]), "Organization", "BUILDS", made, amount=money(pick.randrange(500, 9_000)))

    def _capacity(self, kind: str, pick: random.Random) -> dict[str, Any]:
        if kind not in ("PilotBase", "VerificationCentre"):
            return {}
        low = pick.choice((1, 2, 3) if kind == "VerificationCentre" else (4, 5))
        area, staff = pick.randrange(100, 20_000), pick.randrange(5, 200)
        known = {"area": amount(area, "m²", f"{area}平方米"), "equipment_value": money(pick.randrange(100, 5_000)),
                 "staff": amount(staff, "人", f"{staff}人"), "maturity_min": number(low), "maturity_max": number(low + 3),
                 "open_to_outsiders": flag(pick.random() < 0.85), "processes": [text(p) for p in sorted(set(pick.choices(PROCESSES, k=2)))],
                 "legal_person": flag(pick.random() < 0.5)}  # fmt: skip
        return {k: v for k, v in known.items() if pick.random() < 0.8}  # what a source does not state stays unknown

    def _recognition(self, made: str, kind: str, n: int, pick: random.Random, batches: list[str]) -> None:
        """Of ten: one never recognised, one only proposed, one revoked, one expired, one through its batch; the others hold."""
        def say(event: str, date: dt.date, **more: Any) -> None:
            self.t.edge(self.agency if level != "市级" else pick.choice(self.bureaus), "Organization", "RECOGNIZES", made, event=text(event),
                        event_date=day(date), level=text(level), **more)  # fmt: skip

        case, level, first = n % 10, pick.choice(LEVELS), self.date(pick, 2019, dt.date(2022, 1, 1))
        if case == 1:
            say("proposed", self.date(pick, 2025))
        elif case == 4 and kind == "PilotBase":
            self.t.edge(made, kind, "IN_BATCH", pick.choice(batches))
        elif case:
            say("filed", first)
            until = {"valid_until": day(dt.date(2024, 12, 31) if case == 3 else dt.date(2028, 12, 31))} if case in (3, 5, 6) else {}
            say("recognised", first + dt.timedelta(days=400), **until)
            if case == 2:
                say("revoked", dt.date(2025, 3, 1))
            if case == 7:
                say("reviewed", dt.date(2025, 6, 1))

    def _offers(self) -> None:
        for kind in ("Service", "Instrument", "Scenario", "Rule"):
            pick, owners = self.rng(kind), [*self.ids["PilotBase"], *self.ids["Platform"]]
            for n in range(self.count[kind]):
                known: dict[str, Any] = {}
                if kind == "Service":
                    low = pick.choice((1, 5, 10, 50))
                    known = {"process": text(pick.choice(PROCESSES)), "scale_min": number(float(low)), "scale_max": number(float(low * 20)),
                             "scale_unit": text("千克/批"), "improvements": text("归委托方")}  # fmt: skip
                if kind == "Instrument":
                    known = {"model": text(f"HC-{n % 97}"), "hours": number(float(pick.randrange(100, 2_000)))}
                if kind in ("Service", "Instrument"):
                    free = TODAY + dt.timedelta(days=pick.randrange(1, 300))
                    known |= {"price": money(pick.choice((0.1, 0.5, 1, 5))), "priced_per": text("批"), "price_basis": text("成本加成"),
                              "next_free": day(free), "next_free_as_of": day(TODAY)}  # fmt: skip
                else:
                    known = {"text": text(f"合成内容{n}")}
                made = self.make(kind, self.name(kind, n, pick), **{k: v for k, v in known.items() if k == "text" or pick.random() < 0.7})
                owner = owners[n] if n < len(owners) else pick.choice(owners)
                self.t.edge(owner, "PilotBase" if owner.startswith("pilot") else "Platform", "OFFERS", made)

    # ---- money, people

    def _money_and_people(self) -> None:
        pick = self.rng("Fund")
        for n in range(self.count["Fund"]):
            kind = ("seed", "angel", "venture", "industry", "guidance", "verification", "pilot")[n % 7]
            planned = n % 9 == 4
            fund = self.make("Fund", self.name("Fund", n, pick), "encouraged" if planned else "done", fund_kind=text(kind),
                             status=text("planned" if planned else "existing"), stage_focus=text(("早期", "成长期", "成熟期")[n % 3]),
                             **_if(not planned, size=money(pick.randrange(1_000, 90_000))))  # fmt: skip
            self.t.edge(fund, "Fund", "FOCUSES_ON", pick.choice(self.ids["Segment"]))
            self.place(fund, "Fund", pick)
            self.t.edge(pick.choice(self.of_type["Investor"]), "Organization", "FOUNDS", fund)
            self.t.edge(pick.choice(self.of_type["Investor"]), "Organization", "MANAGES", fund)
            for r in range(0 if planned else 4):
                self.t.edge(fund, "Fund", "INVESTS_IN", pick.choice(self.of_type["Enterprise"]), self.date(pick), round=text("ABCD"[r]),
                            amount=money(pick.randrange(100, 5_000)))  # fmt: skip
        pick, at = self.rng("TechManager"), [*self.of_type["University"], *self.of_type["Institute"]]
        for n in range(self.count["TechManager"]):
            made = self.make("TechManager", self.name("TechManager", n, pick), level=text(("初级", "中级", "高级")[n % 3]),
                             specialities=text(FIELDS[n % len(FIELDS)]))  # fmt: skip
            self.t.edge(made, "TechManager", "WORKS_AT", pick.choice(at), post=text("技术经理人"))

    # ---- policies, targets, figures

    def _policies(self) -> None:
        pick, province = self.rng("Policy"), list[str]()
        self.ids["Policy"] = []
        for n in range(self.count["Policy"]):
            level = "province" if n < 2 or n % 10 == 0 else "city"
            city = n % len(self.cities)
            name = f"合成{'省' if level == 'province' else f'{city + 1}市'}中试办法{n}"
            made = self.make("Policy", name, document_no=text(f"合成〔2024〕{n}号"), form=text("measures"), level=text(level),
                             issued=day(self.date(pick, 2021)))  # fmt: skip
            self.t.edge(self.agency if level == "province" else self.bureaus[city], "Organization", "ISSUES", made, part=text("issuer"))
            if level == "province":
                province.append(made)
            elif city % 4 != 3:  # one city in four follows no province policy
                self.t.edge(made, "Policy", "BASED_ON", province[n % len(province)])
            self.t.edge(self.document, "Document", "CITES", made)
        reply, asked = (self.t.node("Document", node_id("Document", (("name", x),)), x) for x in ("合成答复", "合成提案"))
        self.t.edge(reply, "Document", "REPLIES_TO", asked)
        whom = ("企业", "高校", "中试基地", "技术经理人")
        for n in range(self.count["Measure"]):
            policy = self.ids["Policy"][n % len(self.ids["Policy"])]
            made = self.make("Measure", self.name("Measure", n, pick), position=text(str(n)), who=text("合成省科技厅"), whom=text(whom[n % 4]),
                             amount=money(pick.choice((50, 100, 500))), state=text(("announced", "in_force", "done")[n % 3]),
                             **_if(n % 8 == 0, condition=text("中小企业")))  # fmt: skip
            self.t.edge(policy, "Policy", "PROMISES", made)
            if n % 3 == 0:
                self.t.edge(made, "Measure", "ABOUT", self.cities[n % len(self.ids["Policy"]) % len(self.cities)])
            self.t.edge(made, "Measure", "SUPPORTS", pick.choice(self.ids["PilotBase"]), form=text("promised"), amount=money(100))
        for kind, prop, counts in (("Target", "due", ("stock", "new")), ("Observation", "period", ("cumulative", "new"))):
            for n in range(self.count[kind]):
                value = pick.randrange(5, 500)
                more = _if(kind == "Target", counts=text("PilotBase"))
                made = self.make(kind, self.name(kind, n, pick), metric=text(f"合成指标{n}"), value=amount(value, "家", f"{value}家"),
                                 counts_as=text(counts[n % 2]), **_if(True, **{prop: day(dt.date(2024 + n % 4, 12, 31))}), **more)  # fmt: skip
                self.t.edge(self.document, "Document", "STATES", made)
                self.t.edge(made, kind, "ABOUT", self.cities[n % len(self.cities)])
                if kind == "Target":
                    self.t.edge(self.ids["Policy"][n % len(self.ids["Policy"])], "Policy", "SETS", made)

    # ---- achievements and what became of them

    def _achievements(self, count: int) -> None:
        pick, owners = self.rng("Achievement"), [*self.of_type["University"], *self.of_type["Institute"], *self.of_type["Enterprise"][::5]]
        numbers = {k: iter(range(self.count[k])) for k in ("Patent", "Project", "Product", "Contract")}
        share = {k: self.count[k] / max(count, 1) for k in numbers}
        for n in range(max(count, 10)):
            year, low = pick.randrange(2008, 2026), pick.randrange(1, 9)
            no = f"{100 + n // 10_000 % 900}{year}Y{n % 10_000:04}"
            known = {"year": number(year), "keywords": text(pick.choice(FIELDS)), "process": text(pick.choice(PROCESSES)),
                     "maturity_min": number(low), "maturity_max": number(min(9, low + pick.randrange(2))),
                     "scale_wanted": text("50千克/批")}  # fmt: skip
            made = self.t.node("Achievement", node_id("Achievement", (("registration_no", no),)), self.name("Achievement", n, pick),
                               registration_no=text(no), **_if(True, **{k: v for k, v in known.items() if pick.random() < 0.8}))  # fmt: skip
            self.ids.setdefault("Achievement", []).append(made)
            owner = owners[int(pick.random() ** 2 * len(owners))]  # a few own many, as in life
            self.t.edge(owner, "Organization", "OWNS", made)
            if pick.random() < 0.9:
                self.t.edge(made, "Achievement", "APPLIES_TO", pick.choice(self.ids["Segment"]))
            for kind in ("Patent", "Project", "Contract"):
                if pick.random() < share[kind] and (k := next(numbers[kind], None)) is not None:
                    getattr(self, f"_{kind.lower()}")(k, made, owner, pick, numbers)
        for kind in ("Patent", "Project", "Contract"):  # what chance left over
            for k in numbers[kind]:
                getattr(self, f"_{kind.lower()}")(k, pick.choice(self.ids["Achievement"]), pick.choice(owners), pick, numbers)

    def _patent(self, n: int, achievement: str, owner: str, pick: random.Random, _: Any) -> None:
        no = f"CN{990_000_000 + n}A"
        made = self.t.node("Patent", node_id("Patent", (("publication_no", no),)), self.name("Patent", n, pick), publication_no=text(no),
                           filed=day(self.date(pick, 2010)), **_if(n % 25 == 0, open_license=flag(True)))  # fmt: skip
        self.t.edge(achievement, "Achievement", "PROTECTED_BY", made)
        self.t.edge(owner, "Organization", "OWNS", made)

    def _project(self, n: int, achievement: str, owner: str, pick: random.Random, numbers: Any) -> None:
        pilot = n % 4 != 0
        begun = self.date(pick, 2018)
        ended = begun + dt.timedelta(days=pick.randrange(60, 500))
        outcome = pick.choice(("passed", "passed", "passed", "failed", "stopped")) if ended <= CUTOFF else "running"
        made = self.make("Project", self.name("Project", n, pick), project_kind=text("pilot" if pilot else "verification"), started=day(begun),
                         outcome=text(outcome), **_if(ended <= CUTOFF, ended=day(ended)))  # fmt: skip
        self.t.edge(achievement, "Achievement", "TRIED_IN", made, begun)
        kind = "PilotBase" if pilot else "VerificationCentre"
        self.t.edge(made, "Project", "HELD_AT", pick.choice(self.ids[kind]), begun)
        self.t.edge(made, "Project", "FOR_CLIENT", pick.choice(self.of_type["Enterprise"]))
        if outcome == "passed" and (k := next(numbers["Product"], None)) is not None:
            product = self.make("Product", self.name("Product", k, pick), launched=day(ended))
            self.t.edge(made, "Project", "YIELDS", product)
            self.t.edge(pick.choice(self.of_type["Enterprise"]), "Organization", "PRODUCES", product)

    def _contract(self, n: int, achievement: str, owner: str, pick: random.Random, _: Any) -> None:
        no, signed, kind = f"{9_900_000_000_000_000 + n}", self.date(pick, 2018), ("transfer", "licence", "development")[n % 3]
        made = self.t.node("Contract", node_id("Contract", (("contract_no", no),)), self.name("Contract", n, pick), contract_no=text(no),
                           contract_kind=text(kind), amount=money(pick.randrange(10, 5_000)), signed=day(signed))  # fmt: skip
        self.t.edge(achievement, "Achievement", "UNDER", made)
        mode = {"transfer": "assign", "licence": "license", "development": "joint"}[kind]
        self.t.edge(achievement, "Achievement", "TRANSFERRED_TO", pick.choice(self.of_type["Enterprise"]), signed, mode=text(mode),
                    amount=money(pick.randrange(10, 900)), transfer_date=day(signed))  # fmt: skip
        self.t.edge(self.ids["TechManager"][n % len(self.ids["TechManager"])], "TechManager", "BROKERED", made)

    def _demands(self) -> None:
        pick = self.rng("Demand")
        for n in range(self.count["Demand"]):
            made = self.make("Demand", self.name("Demand", n, pick), posted=day(self.date(pick, 2024)), budget=money(pick.randrange(20, 900)),
                             deadline=day(dt.date(2025 + n % 3, 12, 31)))  # fmt: skip
            self.t.edge(pick.choice(self.of_type["Enterprise"]), "Organization", "POSTS", made)
            self.t.edge(made, "Demand", "SEEKS", pick.choice(self.ids["Segment"]) if n % 10 else pick.choice(self.ids["Achievement"]))


def _if(stated: bool, **values: Any) -> dict[str, Any]:
    """These values, or none: what is not stated stays unknown."""
    return values if stated else {}
