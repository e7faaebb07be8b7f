// title.zh: 文件提出的目标
// title.en: Targets that documents state
// doc.zh: 各文件提出的目标及其所指与出处；可限于某一对象，也可看全部。
// doc.en: Targets with what they are about and the document, about one thing or all.
// param: about node(Any)?
// returns: figure node, document node, about node
MATCH (d:Document)-[:STATES]->(t:Target)
MATCH (t)-[:ABOUT]->(x:Any)
WHERE $about IS NULL OR x.id = $about
RETURN t AS figure, d AS document, x AS about
ORDER BY t.id, d.id, x.id
