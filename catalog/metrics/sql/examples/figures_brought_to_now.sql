select
    old.month,
    part.to_code as municipality_code,
    round(sum(old.dispatches * part.weight), 4) as dispatches,
    bool_or(part.estimated or old.estimated) as estimated,
    bool_or(old.synthetic) as synthetic
from usage.municipality_month_then as old, reference.to_now(old.municipality_code, old.month) as part
group by all
order by all;
