// title.zh: 成果的权属、领域与专利
// title.en: Owners, fields, patents and trials of achievements
// doc.zh: 匹配所需的成果信息，一次可取数百项。
// doc.en: What matching needs to know of up to a few hundred achievements.
// param: achievements ids(Achievement)
// returns: achievement str, thing node, edge edge
MATCH (a:Achievement)-[r:OWNS|APPLIES_TO|PROTECTED_BY|TRIED_IN]-(x:Any)
WHERE a.id IN $achievements AND r.modality = 'done'
RETURN a.id AS achievement, x AS thing, [startNode(r).id, r, endNode(r).id] AS edge
ORDER BY a.id, r.id
