// title.zh: 政策与文件的发文单位与地区
// title.en: Who issues policies and documents, and where
// doc.zh: 一组政策或文件各自的发文单位及其所在地区；每次只取同一类的标识。
// doc.en: Issuers of each policy or document of a list with the regions these are located in. Ids of one kind at a time.
// param: policies ids(Any)
// returns: policy str, issuer node, region node
MATCH (q:Any)
WHERE q.id IN $policies
MATCH (q)<-[:ISSUES]-(o:Organization)
OPTIONAL MATCH (o)-[:LOCATED_IN]->(w:Region)
RETURN q.id AS policy, o AS issuer, w AS region
ORDER BY policy, o.sort_key, o.id, w.id
