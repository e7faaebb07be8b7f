// title.zh: 目标
// title.en: Targets
// doc.zh: 每个目标的数值、期限、所计类别、载明它的文件，以及设定它的政策（如有）。
// doc.en: Every target with its value, due date, the kinds it counts, the document that states it and the policy that sets it, if one is named.
// param: due_by date?
// param: about node(Any)?
// param: limit int = 20 in 1..200
// returns: target node, document node, policy node
// route: /targets
MATCH (d:Document)-[:STATES]->(t:Target)
WHERE ($due_by IS NULL OR t.due_latest <= $due_by) AND ($about IS NULL OR EXISTS { MATCH (t)-[:ABOUT]->(x:Any) WHERE x.id = $about })
OPTIONAL MATCH (t)<-[:SETS]-(p:Policy)
RETURN t AS target, d AS document, p AS policy
ORDER BY t.due_latest, t.target_set, t.value DESC, t.id, d.id, p.id SKIP $skip LIMIT $limit
