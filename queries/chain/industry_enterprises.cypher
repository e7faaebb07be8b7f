// title.zh: 各环节的企业
// title.en: Enterprises of industries
// doc.zh: 在各环节经营的企业数，按规模分列；来源未说明规模的留空。可含下级环节，可限地区。
// doc.en: Enterprises that operate in each industry by size; a size that no source states is empty. With its parts, in a region, where asked.
// param: industries ids(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: above float = 0.4 in 0..1
// returns: industry str, size str, enterprises int
MATCH (top:Industry)
WHERE top.id IN $industries
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT top, i
MATCH (i)<-[r:OPERATES_IN]-(o:Organization)
WHERE r.modality = 'done' AND r.confidence > $above
  AND ($region IS NULL OR $region IN o.lies_in)
RETURN top.id AS industry, o.size_class AS size, count(DISTINCT o.id) AS enterprises
ORDER BY industry, size
