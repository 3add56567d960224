-- The lines behind what customers pay: price times quantity, in some months and in the same months of the year before.
select
    service,
    price_element,
    channel,
    month >= cast($first as date) as this_year,
    unit,
    unit_price,
    sum(quantity) as quantity,
    sum(amount_ore)::bigint as amount_ore,
    status,
    bool_or(synthetic) as synthetic
from ledger.invoice_basis
where
    list_contains($payers, payer_number)
    and ($service is null or service = $service)
    and (
        month between cast($first as date) and cast($last as date)
        or month between cast($first as date) - interval 1 year and cast($last as date) - interval 1 year
    )
group by all
order by service, price_element, channel, this_year desc, unit_price, status;
