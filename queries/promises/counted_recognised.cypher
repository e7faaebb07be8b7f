// title.zh: 已认定的中心、基地与平台
// title.en: Recognised centres, bases and platforms
// doc.zh: 在某地区自身获认定的中心、基地或平台：位于该地区，或由该地区的机关（名称以该地区名开头）认定。
// doc.en: What was recognised in a region, by itself: it lies there, or an agency of that region recognised it (its name begins with the region's).
// param: region node(Region)
// param: names list(str)
// param: labels list(str)
// returns: thing str, name str, modality str, by str, edge edge, how str
MATCH (o:Organization)-[r:RECOGNIZES]->(x:Facility|TechManager)
WHERE any(l IN labels(x) WHERE l IN $labels) AND ($region IN x.lies_in OR any(n IN $names WHERE o.name STARTS WITH n))
RETURN x.id AS thing, x.name AS name, x.modality AS modality, o.name AS by, [startNode(r).id, r, endNode(r).id] AS edge,
       head([n IN range(0, size(coalesce(x.lies_in, [])) - 1) WHERE x.lies_in[n] = $region | x.lies_in_by[n]]) AS how
ORDER BY x.sort_key, r.id
