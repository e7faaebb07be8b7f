// title.zh: 基金
// title.en: Funds
// doc: Funds with who founded them; merely encouraged ones are marked by their modality and shown only when asked for.
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: fund node, founders nodes
// route: /funds
MATCH (f:Fund)
WHERE f.modality IN $modalities
OPTIONAL MATCH (f)<-[:FOUNDS]-(o:Organization|Fund)
WITH f, o ORDER BY o.sort_key, o.id
RETURN f AS fund, collect(o) AS founders
ORDER BY f.sort_key, f.id SKIP $skip LIMIT $limit
