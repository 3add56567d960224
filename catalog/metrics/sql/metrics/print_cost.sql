select
    month,
    municipality_code,
    service,
    sum(production_cost_ore + postage_ore)::bigint as print_cost_ore,
    sum(sheets)::bigint as sheets,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
