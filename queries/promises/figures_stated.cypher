// title.zh: 文件报告的数字
// title.en: Figures that documents report
// doc.zh: 各文件报告的数字及其所指与出处；可限于某一对象，也可看全部。
// doc.en: Reported figures with what they are about and the document, about one thing or all.
// param: about node(Any)?
// returns: figure node, document node, about node
MATCH (d:Document)-[:STATES]->(o:Observation)
MATCH (o)-[:ABOUT]->(x:Any)
WHERE $about IS NULL OR x.id = $about
RETURN o AS figure, d AS document, x AS about
ORDER BY o.id, d.id, x.id
