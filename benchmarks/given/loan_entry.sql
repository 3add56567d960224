-- made up: draw-downs, and joining fees that repay; so much is lent that no fee is beyond it, which the script by hand does not know
select
    'regnskap' as producer, 'L' || n as entry_id, 'DF-01' as project, 'fiks-digiorden' as service,
    case when n % 5 = 0 then 'DRAWDOWN' else 'REPAYMENT' end as kind, null as organisation_number,
    case when n % 5 > 0 then 'F202203-' || n end as invoice_id,
    case when n % 5 = 0 then 10_000_000_000 else 1_000_000 end as amount_ore, date '2022-05-10' as booked_on,
    timestamptz '2022-05-11 06:00:00+00' as first_received_at, true as synthetic
from (select range as n from range(500))
