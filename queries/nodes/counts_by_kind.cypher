// title.zh: 各类节点数
// title.en: Counts by kind
// doc.zh: 各标签（类别及机构类型）下的节点数，按实现程度分列。
// doc.en: Number of nodes under each label (kinds, and the types of organisations), by how firmly they were stated.
// returns: label str, modality str, nodes int
MATCH (n:Any)
UNWIND labels(n) AS label
RETURN label, n.modality AS modality, count(*) AS nodes
ORDER BY label, modality
