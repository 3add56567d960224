-- question.nb: Hvilke kommuner sender mindre enn tre av fire lignende kommuner?
-- question.en: Which municipalities send less than three of four similar ones?

select
    municipality_code,
    reference.name_on(municipality_code, month) as name,
    service,
    per_1000_inhabitants,
    per_1000_q1,
    per_1000_median,
    n,
    synthetic
from usage.peer_month
where
    peer_kind = 'SIMILAR'
    and month = (select through_month from meta.release)
    and per_1000_inhabitants < per_1000_q1
order by per_1000_inhabitants - per_1000_median, municipality_code;
