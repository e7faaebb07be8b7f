// title.zh: 产业链的环节
// title.en: Links of an industry chain
// doc.zh: 某产业链的组成部分（自身为 0 步）及各部分的上级；最多四步，遇循环即止。
// doc.en: What is part of an industry chain (itself at 0 steps), with what each part belongs to; up to four steps, so that a circle ends.
// param: chain node(IndustryChain)
// param: limit int = 1000 in 1..5000
// returns: industry node, steps int
// route: /chains/{chain}/industries
MATCH (c:IndustryChain {id: $chain})
MATCH p = (c)<-[:PART_OF*0..4]-(i:Industry)
WITH i, min(length(p)) AS steps
RETURN i AS industry, steps
ORDER BY steps, i.sort_key, i.id SKIP $skip LIMIT $limit
