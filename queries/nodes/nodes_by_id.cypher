// title.zh: 按标识取节点
// title.en: Nodes by id
// doc.zh: 按一组标识取节点；每次只取同一类的标识，便可逐一走索引。
// doc.en: The nodes of a list of ids. Ids of one kind at a time find each by the index.
// param: ids ids(Any)
// returns: node node
MATCH (n:Any)
WHERE n.id IN $ids
RETURN n AS node
ORDER BY n.id
