// title.zh: 设施服务的已知程度
// title.en: For how many facilities it is known what they serve
// doc.zh: 各类设施的总数，以及其中多少有来源说明其服务对象（由设施自身或其服务体现）。
// doc.en: Facilities by kind, and of how many a source says what they serve (themselves or by a service).
// param: region node(Region)?
// param: above float = 0.4 in 0..1
// returns: kind str, facilities int, known int
MATCH (f:PilotBase|VerificationCentre)
WHERE f.modality = 'done'
  AND ($region IS NULL OR $region IN f.lies_in)
WITH CASE WHEN f:PilotBase THEN 'PilotBase' ELSE 'VerificationCentre' END AS kind,
     CASE WHEN EXISTS { MATCH (f)-[r:SERVES]->(:Industry) WHERE r.modality = 'done' AND r.confidence > $above } THEN 1
          WHEN EXISTS { MATCH (f)-[:OFFERS]->(:Service)-[r:SERVES]->(:Industry) WHERE r.modality = 'done' AND r.confidence > $above } THEN 1
          ELSE 0 END AS served
RETURN kind, count(*) AS facilities, sum(served) AS known
ORDER BY kind
