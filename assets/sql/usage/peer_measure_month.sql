-- a month's other use of each municipality beside the median and quartiles of others, on the borders of now
with used as (
    select service, measure, bool_or(synthetic) as synthetic from told group by service, measure
),
-- what is small is hidden, so the middle of the shown lies too high, the more so the more are hidden: where those are the
-- most, it says nothing of the group
judged as (
    select *, n_hidden > n as is_veiled from spread
)
select
    $month as month,
    judged.code as municipality_code,
    judged.service,
    judged.measure,
    judged.peer_kind,
    judged.peer_group,
    own.figure as per_1000_inhabitants,
    own.hidden as per_1000_inhabitants_hidden,
    judged.members,
    judged.n,
    judged.n_hidden,
    case when not is_veiled then round(judged.q1, 4) end as per_1000_q1,
    case when not is_veiled then round(judged.median, 4) end as per_1000_median,
    case when not is_veiled then round(judged.q3, 4) end as per_1000_q3,
    case when judged.members < 3 then 'FEW_MEMBERS'
         when judged.n + judged.n_hidden = 0 then 'NOT_MEASURED'
         when judged.n + judged.n_hidden < 3 then 'FEW_FIGURES'
         when judged.n < 3 or is_veiled then judged.hidden_because
         when judged.median is null then 'NO_INHABITANTS' end as median_missing,
    case when own.code is null and judged.synthetic is null then used.synthetic
         else coalesce(own.synthetic, false) or coalesce(judged.synthetic, false) end as synthetic
from judged
join used using (service, measure)
left join told as own
  on own.service = judged.service and own.measure = judged.measure and own.code = judged.code
