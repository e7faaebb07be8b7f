// title.zh: 成果的权属单位
// title.en: Who owns achievements
// doc.zh: 列出一组成果各自的权属单位。
// doc.en: Owners of each achievement of a list.
// param: achievements ids(Achievement)
// returns: achievement node, owner node, edge edge
MATCH (a:Achievement)
WHERE a.id IN $achievements
OPTIONAL MATCH (a)<-[r:OWNS]-(o:Organization)
RETURN a AS achievement, o AS owner, CASE WHEN r IS NULL THEN NULL ELSE [startNode(r).id, r, endNode(r).id] END AS edge
ORDER BY a.id, o.sort_key, o.id, r.id
