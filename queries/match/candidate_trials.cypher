// title.zh: 候选基地做过的项目
// title.en: Trials held at candidates
// doc.zh: 在数百个基地或中心做过的项目及其结果；只取几列，因为一个基地可能做过上千个。
// doc.en: Projects held at up to a few hundred bases or centres, with their outcomes: columns, because a base may have held thousands.
// param: candidates ids(Facility)
// param: above float = 0.4 in 0..1
// returns: candidate str, trial str, name str, outcome str, evidence strs
MATCH (b:Facility)<-[r:HELD_AT]-(x:Project)
WHERE b.id IN $candidates AND r.modality = 'done' AND r.confidence > $above
RETURN b.id AS candidate, x.id AS trial, x.name AS name, x.outcome AS outcome, r.evidence AS evidence
ORDER BY b.id, r.id
