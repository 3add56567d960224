-- made up: every account of every cost centre but one
select (6400 + a)::varchar as account, (4000 + line)::varchar as cost_center, service,
    ['DRIFT', 'FORVALTNING', 'BRUKERSTOTTE', 'ADMINISTRASJON'][1 + a % 4] as cost_category, null as allocation_key,
    null as valid_from, null as valid_to,
    true as synthetic
from service, (select unnest(range(20)) as a)
where line <> 5
order by all
