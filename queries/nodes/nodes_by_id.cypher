// title.zh: 按标识取节点
// title.en: Nodes by id
// doc: The nodes of a list of ids. Ids of one kind at a time find each by the index.
// param: ids ids(Any)
// returns: node node
MATCH (n:Any)
WHERE n.id IN $ids
RETURN n AS node
ORDER BY n.id
