// title.zh: 按标识取节点
// title.en: Nodes by id
// doc: The nodes of a list of ids of one kind (the labels of the kinds are written out by the catalogue).
// param: ids list(str)
// returns: node node
MATCH (n:Any)
WHERE n.id IN $ids
RETURN n AS node
ORDER BY n.id
