// title.zh: 各类节点数
// title.en: Counts by kind
// doc: Number of nodes under each label: kinds, and the types of organisations.
// returns: label str, nodes int
MATCH (n:Any)
UNWIND labels(n) AS label
RETURN label, count(*) AS nodes
ORDER BY label
