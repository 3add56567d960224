with broken as (
    select stream, month, producer, unnest(rules) as rule, coalesce((record ->> 'service') in ({{told_openly}}), false) as openly
    from quarantine
)
select stream, month, producer, rule, count(*) as rows, count(*) filter (not openly) as apart
from broken
group by all
