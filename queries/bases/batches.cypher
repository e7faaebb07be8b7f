// title.zh: 批次与成员
// title.en: Batches and their members
// doc.zh: 各批次的成员数：来源所称的数目，以及列出名称的数目。
// doc.en: Batches with the number of members a source states and the number it names.
// param: limit int = 20 in 1..200
// returns: batch node, stated str, named int
// route: /batches
MATCH (t:Batch)
RETURN t AS batch, t.stated_members_shown AS stated, COUNT { MATCH (t)<-[:IN_BATCH]-(m:Any) } AS named
ORDER BY t.year DESC, t.sort_key, t.id SKIP $skip LIMIT $limit
