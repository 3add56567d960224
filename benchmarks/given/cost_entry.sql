-- made up: three of ten without service and category, one of ten shared
select
    'regnskap' as producer, 'B' || n as entry_id, (month + interval 35 days)::date as booked_on, month as period,
    (6400 + n % 20)::varchar as account, case when n % 10 = 0 then '4900' else (4000 + line)::varchar end as cost_center,
    case when n % 10 > 3 then service end as service, null as project,
    case when n % 10 > 3 or n % 10 = 0 then ['DRIFT', 'FORVALTNING', 'BRUKERSTOTTE', 'ADMINISTRASJON'][1 + n % 4] end
        as cost_category,
    case when n % 10 = 0 then key end as allocation_key, null as varies_with,
    (hash(n) % 40_000_000)::bigint - 1_000_000 as amount_ore, null as supplier_number,
    timestamptz '2021-12-05 06:00:00+00' + (month - date '2021-11-01') * interval 1 day as first_received_at,
    true as synthetic
from (select range as n from range($entries))
join month on month.at_month = n // 10 % $months
join (select *, row_number() over (order by line) - 1 as at_service from service) on at_service = n // 3 % 39
join key on key.at_key = n // 10 % $keys
