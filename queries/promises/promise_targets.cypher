// title.zh: 目标与其所指
// title.en: Targets with what they are about
// doc.zh: 各目标、载明它的文件、设定它的政策，以及所指的地区或对象；指定地区时，含其下辖地区的目标。
// doc.en: Targets with the document that states each, the policy that sets it, and the regions or things it is about; with a region, also those of regions inside it.
// param: target node(Target)?
// param: region node(Region)?
// param: limit int = 20 in 1..100
// returns: target node, documents nodes, policies nodes, about nodes
MATCH (t:Target)
WHERE ($target IS NULL OR t.id = $target)
  AND ($region IS NULL OR EXISTS { MATCH (t)-[:ABOUT]->(:Region)-[:WITHIN*0..4]->(z:Region) WHERE z.id = $region })
OPTIONAL MATCH (d:Document)-[:STATES]->(t)
WITH t, d ORDER BY d.id
WITH t, collect(DISTINCT d) AS documents
OPTIONAL MATCH (p:Policy)-[:SETS]->(t)
WITH t, documents, p ORDER BY p.id
WITH t, documents, collect(DISTINCT p) AS policies
OPTIONAL MATCH (t)-[:ABOUT]->(x:Any)
WITH t, documents, policies, x ORDER BY x.id
WITH t, documents, policies, collect(DISTINCT x) AS about
RETURN t AS target, documents, policies, about
ORDER BY t.due_latest, t.target_set, t.value DESC, t.id SKIP $skip LIMIT $limit
