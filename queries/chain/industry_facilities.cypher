// title.zh: 服务各环节的设施
// title.en: Facilities that serve industries
// doc: Centres, bases, platforms and laboratories that serve each industry themselves or by a service they offer; numbers by kind.
// param: industries ids(Industry)
// param: above float = 0.4 in 0..1
// returns: industry str, kind str, facilities int
MATCH (i:Industry)
WHERE i.id IN $industries
MATCH (i)<-[r:SERVES]-(x:VerificationCentre|PilotBase|Platform|Laboratory|Service)<-[:OFFERS*0..1]-(f:Facility)
WHERE r.modality = 'done' AND r.confidence > $above AND f.modality = 'done'
WITH DISTINCT i.id AS industry, f.id AS facility,
     CASE WHEN f:PilotBase THEN 'PilotBase' WHEN f:VerificationCentre THEN 'VerificationCentre' WHEN f:Platform THEN 'Platform' ELSE 'Laboratory' END AS kind
RETURN industry, kind, count(*) AS facilities
ORDER BY industry, kind
