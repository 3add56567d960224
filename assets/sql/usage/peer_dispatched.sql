-- what municipalities are compared by of dispatches: a month's figures of each, on the borders of now
with used as (
    select service, municipality_code as code, sum(dispatches) as dispatches, any_value(inhabitants) as inhabitants,
           any_value(digital_share) as digital_share, bool_or(synthetic) as synthetic
    from municipality_month
    where borders = 'now'
    group by service, municipality_code
)
select
    service, 'forsendelser' as measure, code, true as shown,
    -- dispatches * 1000 / inhabitants to four decimals, half up, in whole ten-thousandths: `/` would be a division of floats
    ((((dispatches * 10000)::hugeint * 2000 + inhabitants) // (2 * inhabitants::hugeint))::decimal(18,0) * 0.0001::decimal(4,4))::decimal(20,6) as figure,
    synthetic
from used
union all
select service, 'digital_share', code, digital_share is not null, digital_share::decimal(20,6), synthetic
from used
