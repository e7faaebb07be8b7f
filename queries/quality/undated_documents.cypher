// title.zh: 未注明日期的文件
// title.en: Documents without a date
// doc.zh: 日期未知的文件：其所述内容有多旧，无从判断。
// doc.en: Documents whose date is not known: how old is what they state cannot be said.
// param: limit int = 20 in 1..200
// returns: document node
MATCH (d:Document)
WHERE d.published_latest IS NULL
RETURN d AS document
ORDER BY d.sort_key, d.id SKIP $skip LIMIT $limit
