// title.zh: 中心与基地的认定
// title.en: Recognitions of centres and bases
// doc.zh: 一组中心和基地的每次认定，附认定机关与日期。
// doc.en: Every recognition of some centres and bases, with the agency and the dates.
// param: facilities ids(Centre)
// returns: facility node, agency node, edge edge
MATCH (o:Organization)-[r:RECOGNIZES]->(b:Centre)
WHERE b.id IN $facilities
RETURN b AS facility, o AS agency, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY b.id, r.id
