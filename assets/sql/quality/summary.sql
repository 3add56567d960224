with broken as (
    select stream, month, producer, unnest(rules) as rule
    from quarantine
)
select stream, month, producer, rule, count(*) as rows
from broken
group by all
