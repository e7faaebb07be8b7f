// title.zh: 技术经理人
// title.en: Technology managers
// doc.zh: 某单位或全部单位的技术经理人，可按专长（关键词）和级别查；只报人数、未列姓名的群体见“报告数字”。
// doc.en: Technology managers, of one organisation or of all, by speciality (words) and level; cohorts without names are reported figures.
// param: organization node(Organization)?
// param: field str?
// param: level str?
// param: limit int = 20 in 1..200
// returns: manager node, organization node
// route: /managers
MATCH (m:TechManager)-[:WORKS_AT]->(o:Organization)
WHERE ($organization IS NULL OR o.id = $organization)
  AND ($field IS NULL OR any(s IN coalesce(m.specialities, []) WHERE s CONTAINS $field))
  AND ($level IS NULL OR m.level = $level)
RETURN m AS manager, o AS organization
ORDER BY m.sort_key, m.id, o.id SKIP $skip LIMIT $limit
