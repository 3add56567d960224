-- Each municipality's month of other use against the median and quartiles of others, on the borders of now.
--
-- Grain: one row per (month, municipality_code, service, measure, peer_kind, peer_group), for every municipality of
-- now and every measure of a service that any of them has a row for in the month; groups as in `peer_month`.
--
-- Units: the measure's, per 1 000 inhabitants; quartiles as in `peer_month`.
--
-- Nulls: as in `peer_month`; `median_missing` says why there is no median. It reads `municipality_measure_month`,
-- which is made of published figures, so no statistic tells more than they do.
with used as (
    select service, measure, bool_or(perturbed) as perturbed, bool_or(synthetic) as synthetic from told group by service, measure
)
select
    $month as month,
    spread.code as municipality_code,
    spread.service,
    spread.measure,
    spread.peer_kind,
    spread.peer_group,
    own.figure as per_1000_inhabitants,
    spread.members,
    spread.n,
    round(spread.q1, 4) as per_1000_q1,
    round(spread.median, 4) as per_1000_median,
    round(spread.q3, 4) as per_1000_q3,
    case when spread.members < 3 then 'FEW_MEMBERS'
         when spread.n = 0 then 'NOT_MEASURED'
         when spread.n < 3 then 'FEW_FIGURES'
         when spread.median is null then 'NO_INHABITANTS' end as median_missing,
    used.perturbed,
    case when own.code is null and spread.synthetic is null then used.synthetic
         else coalesce(own.synthetic, false) or coalesce(spread.synthetic, false) end as synthetic
from spread
join used using (service, measure)
left join told as own
  on own.service = spread.service and own.measure = spread.measure and own.code = spread.code
