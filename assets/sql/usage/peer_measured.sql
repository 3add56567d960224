-- what municipalities are compared by of other use: a month's published figures of each, on the borders of now
select
    service, measure, municipality_code as code, true as shown, perturbed,
    per_1000_inhabitants::decimal(20,6) as figure, synthetic
from municipality_measure_month
where borders = 'now'
