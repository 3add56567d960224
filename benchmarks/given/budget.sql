-- made up: the same each month
select service, month, unnest(['INCOME', 'DRIFT', 'FORVALTNING']) as category, 1_000_000 as amount_ore, true as synthetic
from (select distinct service from service), month
order by all
