// title.zh: 一个节点
// title.en: One node
// doc.zh: 按标识取一个节点及其属性。
// doc.en: The node of an id with its properties.
// param: node node(Any)
// returns: node node
// route: /questions/node/{node}
MATCH (n:Any {id: $node})
RETURN n AS node
ORDER BY n.id
