// title.zh: 环节的上下游
// title.en: Up- and downstream of a segment
// doc.zh: 某环节的上游与下游，最多三步。
// doc.en: What feeds a segment and what it feeds, up to three steps.
// param: segment node(Segment)
// param: limit int = 50 in 1..200
// returns: segment node, direction str, steps int
// route: /segments/{segment}/streams
MATCH (s:Segment {id: $segment})
MATCH p = (s)-[:FEEDS*1..3]-(t:Segment)
WHERE t.id <> $segment
WITH t, min(length(p)) AS steps, min(CASE WHEN startNode(relationships(p)[0]).id = $segment THEN 'down' ELSE 'up' END) AS direction
RETURN t AS segment, direction, steps
ORDER BY steps, direction, t.sort_key, t.id SKIP $skip LIMIT $limit
