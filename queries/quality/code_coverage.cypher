// title.zh: 机构代码覆盖
// title.en: How many organisations have a code
// doc.zh: 各类机构（Organization 为全部）的总数，以及其中没有任何代码的数目。
// doc.en: Organisations by type (Organization: all of them), and how many of them have no code of any kind.
// param: modalities list(modality) = [done]
// returns: label str, organizations int, without_code int
MATCH (o:Organization)
WHERE o.modality IN $modalities
UNWIND labels(o) AS label
RETURN label, count(*) AS organizations,
       sum(CASE WHEN o.uscc IS NULL AND o.ministry_code IS NULL AND o.stock_code IS NULL THEN 1 ELSE 0 END) AS without_code
ORDER BY label
