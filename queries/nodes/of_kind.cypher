// title.zh: 某类的全部节点
// title.en: All nodes of a kind
// doc.zh: 某一标签（类别或机构类型）下的节点，按拼音排序。
// doc.en: Nodes under one label (a kind, or a type of organisation), by pinyin.
// param: label str
// param: modalities list(modality) = [done]
// param: limit int = 20 in 1..200
// returns: node node
MATCH (n:Any)
WHERE $label IN labels(n) AND n.modality IN $modalities
RETURN n AS node
ORDER BY n.sort_key, n.id SKIP $skip LIMIT $limit
