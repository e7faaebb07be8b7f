// title.zh: 服务各环节的设施
// title.en: Facilities that serve industries
// doc.zh: 自身或以其服务支撑各环节的中心、基地、平台和实验室，每个只计一次，按类别分列；可含下级环节，可限地区。
// doc.en: Centres, bases, platforms and laboratories that serve each industry themselves or by a service they offer, once each; numbers by kind. With its parts, in a region, where asked.
// param: industries ids(Industry)
// param: with_parts bool = false
// param: region node(Region)?
// param: above float = 0.4 in 0..1
// returns: industry str, kind str, facilities int
MATCH (top:Industry)
WHERE top.id IN $industries
MATCH (top)<-[:PART_OF*0..4]-(i:Industry)
WHERE $with_parts OR i.id = top.id
WITH DISTINCT top, i
MATCH (i)<-[r:SERVES]-(x:VerificationCentre|PilotBase|Platform|Laboratory|Service)<-[:OFFERS*0..1]-(f:Facility)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
  AND ($region IS NULL OR $region IN f.lies_in)
WITH DISTINCT top.id AS industry, f.id AS facility,
     CASE WHEN f:PilotBase THEN 'PilotBase' WHEN f:VerificationCentre THEN 'VerificationCentre' WHEN f:Platform THEN 'Platform' ELSE 'Laboratory' END AS kind
RETURN industry, kind, count(*) AS facilities
ORDER BY industry, kind
