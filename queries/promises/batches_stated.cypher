// title.zh: 文件所述批次与成员
// title.en: Batches that documents state, with their members
// doc: Batches with the document that states each and the members it names.
// returns: batch node, document node, members nodes, evidence strs
MATCH (d:Document)-[s:STATES]->(t:Batch)
OPTIONAL MATCH (m:Any)-[:IN_BATCH]->(t)
WITH t, d, s, m ORDER BY m.id
RETURN t AS batch, d AS document, collect(m) AS members, s.evidence AS evidence
ORDER BY d.id, t.id
