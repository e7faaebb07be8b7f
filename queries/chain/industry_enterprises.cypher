// title.zh: 各环节的企业
// title.en: Enterprises of industries
// doc: Enterprises that operate in each industry, by size and role; a size that no source states is empty.
// param: industries ids(Industry)
// param: above float = 0.4 in 0..1
// returns: industry str, size str, role str, enterprises int
MATCH (i:Industry)
WHERE i.id IN $industries
MATCH (i)<-[r:OPERATES_IN]-(o:Organization)
WHERE r.modality = 'done' AND r.confidence > $above
RETURN i.id AS industry, o.size_class AS size, r.role AS role, count(DISTINCT o.id) AS enterprises
ORDER BY industry, size, role
