// title.zh: 重点产业链
// title.en: Industry chains
// doc.zh: 重点产业链及其环节数，以及为整条链明确的链主企业数。
// doc.en: Industry chains with how many parts they have and how many chain leaders (链主) are named for the chain itself.
// param: limit int = 50 in 1..200
// returns: chain node, parts int, leaders int
// route: /chains
MATCH (c:IndustryChain)
RETURN c AS chain, COUNT { MATCH (c)<-[:PART_OF]-(:Industry) } AS parts,
       COUNT { MATCH (c)<-[r:OPERATES_IN]-(:Organization) WHERE r.role = 'chain_leader' } AS leaders
ORDER BY parts DESC, c.sort_key, c.id SKIP $skip LIMIT $limit
