// title.zh: 候选基地做过的项目
// title.en: Trials held at candidates
// doc: Projects held at up to a few hundred bases or centres, with their outcomes: columns, because a base may have held thousands.
// param: candidates ids(Facility)
// param: above float = 0.4 in 0..1
// returns: candidate str, trial str, name str, outcome str, evidence strs
MATCH (b:Facility)<-[r:HELD_AT]-(x:Project)
WHERE b.id IN $candidates AND r.modality = 'done' AND r.confidence > $above
RETURN b.id AS candidate, x.id AS trial, x.name AS name, x.outcome AS outcome, r.evidence AS evidence
ORDER BY b.id, r.id
