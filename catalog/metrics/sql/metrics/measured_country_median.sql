-- title.nb: Medianen av annen bruk for landet
-- title.en: Median of other use of the country
-- definition.nb: Den midterste av kommunene utenom Oslo som har et tall i måneden. Halvparten av dem ligger mellom
--   kvartilene.
-- definition.en: The middle one of the municipalities except Oslo with a figure in the month. Half of them lie between
--   the quartiles.
-- unit: målets enhet per 1 000 innbyggere
-- dataset: usage.peer_measure_month

select
    month,
    service,
    measure,
    per_1000_median,
    per_1000_q1,
    per_1000_q3,
    median_missing,
    n,
    members,
    perturbed,
    synthetic
from usage.peer_measure_month
where peer_kind = 'COUNTRY' and municipality_code = '0301';
