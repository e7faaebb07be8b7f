// title.zh: 创新链的阶段
// title.en: The stages of the chain
// doc.zh: 创新链各阶段的先后顺序，以及各自通向的下一阶段。
// doc.en: The stages in their order, each with the one it leads to.
// returns: stage node, edge edge, next node
// route: /stages
MATCH (s:Stage)
OPTIONAL MATCH (s)-[r:PRECEDES]->(t:Stage)
RETURN s AS stage, CASE WHEN r IS NULL THEN NULL ELSE [startNode(r).id, r, endNode(r).id] END AS edge, t AS next
ORDER BY s.position, s.id
