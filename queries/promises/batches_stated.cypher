// title.zh: 文件所述批次与成员
// title.en: Batches that documents state, with their members
// doc.zh: 各批次、载明它的文件，以及文件列出名称的成员。
// doc.en: Batches with the document that states each and the members it names.
// returns: batch node, document node, members nodes, edge edge
MATCH (d:Document)-[s:STATES]->(t:Batch)
OPTIONAL MATCH (m:Any)-[:IN_BATCH]->(t)
WITH t, d, s, m ORDER BY m.id
WITH t, d, s, collect(m) AS members
RETURN t AS batch, d AS document, members, [startNode(s).id, s, endNode(s).id] AS edge
ORDER BY d.id, t.id
