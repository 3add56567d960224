-- what municipalities are compared by of other use: a month's figures of each, on the borders of now
-- they are those that are shown: of a hidden one nothing is known here but that it is
select
    service, measure, municipality_code as code, quantity is not null as shown, quantity_hidden as hidden,
    per_1000_inhabitants::decimal(20,6) as figure, synthetic
from municipality_measure_month
where borders = 'now'
