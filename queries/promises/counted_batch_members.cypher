// title.zh: 已认定批次的成员
// title.en: Members of recognised batches
// doc.zh: 在某地区获认定的批次中的成员，用于其自身未获认定的情形。
// doc.en: What belongs to a batch that was recognised in a region, for what is not recognised by itself.
// param: region node(Region)
// param: names list(str)
// param: labels list(str)
// returns: thing str, name str, modality str, by str, edge edge, membership edge, how str
MATCH (o:Organization)-[r:RECOGNIZES]->(t:Batch)
MATCH (t)<-[m:IN_BATCH]-(x:Facility|TechManager)
WHERE any(l IN labels(x) WHERE l IN $labels)
  AND ($region IN x.lies_in OR $region IN t.lies_in OR any(n IN $names WHERE o.name STARTS WITH n))
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge,
       [startNode(m).id, m, endNode(m).id] AS membership,
       head([n IN range(0, size(coalesce(x.lies_in, [])) - 1) WHERE x.lies_in[n] = $region | x.lies_in_by[n]]) AS how
ORDER BY x.sort_key, r.id, m.id
