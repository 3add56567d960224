-- made up: draw-downs, and joining fees that repay; so much is lent that no fee is beyond it, which the script by hand does not know
select
    'regnskap' as producer, 'L' || n as entry_id, 'DF-01' as project, 'fiks-digiorden' as service,
    case when n % 5 = 0 then 'DRAWDOWN' else 'REPAYMENT' end as kind, null as organisation_number,
    case when n % 5 > 0 then 'F' || strftime(month, '%Y%m') || '-' || n end as invoice_id,
    case when n % 5 = 0 then 10_000_000_000 else 1_000_000 end as amount_ore, (month + interval 70 days)::date as booked_on,
    timestamptz '2022-01-11 06:00:00+00' + (month - date '2021-11-01') * interval 1 day as first_received_at, true as synthetic
from (select range as n from range(500))
join month on month.at_month = n % $months
