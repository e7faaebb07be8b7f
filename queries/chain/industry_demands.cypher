// title.zh: 各环节的技术需求
// title.en: Demands of industries
// doc: Demands that seek something in each industry and whose deadline, where one is stated, has not passed.
// param: industries ids(Industry)
// param: open_on date?
// param: above float = 0.4 in 0..1
// returns: industry str, demands int
MATCH (i:Industry)
WHERE i.id IN $industries
MATCH (i)<-[r:SEEKS]-(d:Demand)
WHERE r.confidence > $above
  AND ($open_on IS NULL OR d.deadline_latest IS NULL OR d.deadline_latest >= $open_on)
RETURN i.id AS industry, count(DISTINCT d.id) AS demands
ORDER BY industry
