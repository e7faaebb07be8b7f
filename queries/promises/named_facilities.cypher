// title.zh: 仅见其名的中心与基地
// title.en: Centres and bases that are only named
// doc.zh: 某地区（按所在地，或名称以该地区名开头）未见认定记录的中心、基地和平台。
// doc.en: Centres, bases and platforms of a region, by place or by a name that begins with the region's, of which no recognition is known.
// param: region node(Region)
// param: names list(str)
// param: labels list(str)
// returns: thing node, how str
MATCH (x:Facility)
WHERE any(l IN labels(x) WHERE l IN $labels) AND ($region IN x.lies_in OR any(n IN $names WHERE x.name STARTS WITH n))
  AND NOT EXISTS { MATCH (x)<-[:RECOGNIZES]-(:Organization) }
  AND NOT EXISTS { MATCH (x)-[:IN_BATCH]->(:Batch)<-[:RECOGNIZES]-(:Organization) }
RETURN x AS thing,
       head([n IN range(0, size(coalesce(x.lies_in, [])) - 1) WHERE x.lies_in[n] = $region | x.lies_in_by[n]]) AS how
ORDER BY x.sort_key, x.id
