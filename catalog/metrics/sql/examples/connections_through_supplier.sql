-- question.nb: Hvilke tilknytninger går gjennom leverandøren X i nettverket Y? Her paret med flest av dem i siste hele
--   måned med tall; sett dine egne i asked.
-- question.en: Which connections go through supplier X in network Y? Here the pair with the most of them in the last
--   whole month with numbers; put your own in asked.

with connected as (
    select sent.*, customer.name, member.network_id
    from usage.connection_month as sent
    join
        reference.organisation as customer on customer.organisation_number = sent.organisation_number,
        reference.networks_on(
            customer.municipality_code, greatest(sent.month, date '2024-01-01')
        ) as member
    where
        sent.month = (
            select max(month)
            from usage.connection_month
            where month <= (select through_month from meta.release)
        )
),

asked as (
    select supplier, network_id
    from connected
    where supplier is not null
    group by all
    order by count(*) desc, supplier, network_id
    limit 1
)

select
    connected.organisation_number,
    connected.name,
    connected.account_id,
    connected.source_system,
    connected.system,
    connected.mapping,
    connected.service,
    connected.dispatches,
    connected.last_seen,
    supplier,
    network_id,
    connected.synthetic
from connected
join asked using (supplier, network_id)
order by connected.name, connected.account_id, connected.source_system, connected.service;
