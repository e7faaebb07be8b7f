// title.zh: 已转化的成果
// title.en: Achievements transferred
// doc.zh: 某地区单位拥有的、已转让、许可或作价入股的成果。
// doc.en: Achievements of owners in a region that were transferred, licensed or put in as equity.
// param: region node(Region)
// returns: thing str, name str, modality str, by str, edge edge
MATCH (o:Organization)-[:OWNS]->(x:Achievement)
WHERE $region IN o.lies_in
MATCH (x)-[r:TRANSFERRED_TO]->(:Organization)
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY x.sort_key, x.id, o.id, r.id
