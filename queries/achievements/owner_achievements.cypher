// title.zh: 单位的科技成果
// title.en: An owner's achievements
// doc.zh: 某单位拥有的科技成果。
// doc.en: Achievements an organisation owns.
// param: owner node(Organization)
// param: limit int = 20 in 1..200
// returns: achievement node, edge edge
// route: /organizations/{owner}/achievements
MATCH (o:Organization {id: $owner})-[r:OWNS]->(a:Achievement)
RETURN a AS achievement, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY a.sort_key, r.id SKIP $skip LIMIT $limit
