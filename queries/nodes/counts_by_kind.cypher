// title.zh: 各类节点数
// title.en: Counts by kind
// doc: Number of nodes under each label (kinds, and the types of organisations), by how firmly they were stated.
// returns: label str, modality str, nodes int
MATCH (n:Any)
UNWIND labels(n) AS label
RETURN label, n.modality AS modality, count(*) AS nodes
ORDER BY label, modality
