// title.zh: 设施的认定事项
// title.en: Recognitions of facilities
// doc.zh: 一组设施的每次认定、备案、复核或撤销，无论是自身的还是随批次的，含日期与有效期。
// doc.en: Every recognition, filing, review or revocation of the facilities of a list, of its own or by its batch, with its day and how long it holds.
// param: facilities ids(Facility)
// returns: facility str, agency node, edge edge, batch node, batch_edge edge
MATCH (f:Facility)
WHERE f.id IN $facilities
MATCH (f)-[b:IN_BATCH*0..1]->(x:VerificationCentre|PilotBase|Platform|Laboratory|Batch)<-[r:RECOGNIZES]-(o:Organization)
RETURN f.id AS facility, o AS agency, [startNode(r).id, r, endNode(r).id] AS edge, CASE WHEN x:Batch THEN x ELSE NULL END AS batch,
       CASE WHEN x:Batch THEN [startNode(b[0]).id, b[0], endNode(b[0]).id] ELSE NULL END AS batch_edge
ORDER BY facility, r.event_date_earliest, r.id
