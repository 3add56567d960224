-- What customers pay by service, in some months and in the same months of the year before, and why it changed. The slots
-- hold the metrics of the pages. Null: nothing is known of the year before.
with paid as (
    select
        service,
        month between cast($first as date) and cast($last as date) as now,
        amount_ore,
        synthetic
    from ({{invoice_basis}})
    where
        status = 'READY'
        and list_contains($payers, payer_number)
        and ($service is null or service = $service)
        and (
            month between cast($first as date) and cast($last as date)
            or month between cast($first as date) - interval 1 year and cast($last as date) - interval 1 year
        )
),

why as (
    select
        service,
        sum(price_ore)::bigint as price_ore,
        sum(quantity_ore)::bigint as quantity_ore,
        sum(new_ore)::bigint as new_ore,
        sum(gone_ore)::bigint as gone_ore
    from ({{payment_change}})
    where list_contains($payers, payer_number) and month between cast($first as date) and cast($last as date)
    group by service
),

summed as (
    select
        service,
        (sum(amount_ore) filter (now))::bigint as amount_ore,
        (sum(amount_ore) filter (not now))::bigint as year_before_ore,
        bool_or(synthetic) as synthetic
    from paid
    group by service
)

select
    summed.service,
    product.name_nb as service_name,
    summed.amount_ore,
    summed.year_before_ore,
    summed.amount_ore - summed.year_before_ore as change_ore,
    why.price_ore as change_by_price_ore,
    why.quantity_ore as change_by_quantity_ore,
    why.new_ore as change_by_new_lines_ore,
    why.gone_ore as change_by_gone_lines_ore,
    summed.synthetic
from summed
left join why on why.service = summed.service
left join reference.product as product on product.service = summed.service
order by summed.amount_ore desc nulls last, summed.service;
