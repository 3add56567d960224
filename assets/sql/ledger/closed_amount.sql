-- what quarters are closed at: one row per month, original month, service, project, account and category that has entries
select
    year(period) || '-Q' || quarter(period) as quarter, period, original_period, service, project, account, category,
    sum(amount_ore)::bigint as amount_ore,
    bool_or(synthetic) as synthetic,
    true as signed
from entry
where period between $first and $last
group by all
order by all
