// title.zh: 举措
// title.en: Measures
// doc.zh: 全部举措，以及承诺它的文件或政策。
// doc.en: Every measure with the documents or policies that promise it.
// param: state str?
// param: limit int = 50 in 1..5000
// returns: measure node, promised_in node, edge edge
// route: /measures
MATCH (m:Measure)
WHERE $state IS NULL OR m.state = $state
OPTIONAL MATCH (m)<-[r:PROMISES]-(d:Document|Policy)
RETURN m AS measure, d AS promised_in, CASE WHEN r IS NULL THEN NULL ELSE [startNode(r).id, r, endNode(r).id] END AS edge
ORDER BY m.sort_key, m.id, d.id, r.id SKIP $skip LIMIT $limit
