// title.zh: 基地概况
// title.en: Profile of a base
// doc.zh: 某概念验证中心或中试基地的概况：已知多少依托单位、建设单位、认定、服务、领域和项目。
// doc.en: A centre or base with how many hosts, builders, recognitions, services and fields are known of it.
// param: base node(Centre)
// returns: base node, hosts int, builders int, recognitions int, offers int, serves int, projects int
// route: /bases/{base}/profile
MATCH (b:Centre {id: $base})
RETURN b AS base, COUNT { MATCH (b)<-[:HOSTS]-(:Organization) } AS hosts, COUNT { MATCH (b)<-[:BUILDS]-(:Organization) } AS builders,
       COUNT { MATCH (b)<-[:RECOGNIZES]-(:Organization) } AS recognitions, COUNT { MATCH (b)-[:OFFERS]->(:Offer) } AS offers,
       COUNT { MATCH (b)-[:SERVES]->(:Industry) } AS serves, COUNT { MATCH (b)<-[:HELD_AT]-(:Project) } AS projects
ORDER BY b.id
