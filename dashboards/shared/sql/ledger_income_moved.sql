-- Why what customers are to pay differs from the same months of the year before: by price, by quantity, by customers who
-- are new and by those who left. Where both price and quantity changed, quantity counts at the old price. Of one service,
-- or each where none is asked for. Amounts in øre without VAT, of the invoice basis; what has no price is left out. One row
-- per service.
with line as (
    select
        service, payer_number, price_element, channel,
        sum(quantity) filter (where month >= $first) as quantity_now,
        sum(amount_ore) filter (where month >= $first) as now_ore,
        sum(quantity) filter (where month < $first) as quantity_then,
        sum(amount_ore) filter (where month < $first) as then_ore,
        bool_or(synthetic) as synthetic
    from ledger.invoice_basis
    where
        ($service is null or service = $service) and amount_ore is not null
        and (month between $first and $through or month between $first_before and $through_before)
    group by service, payer_number, price_element, channel
),

known as (
    select
        *,
        coalesce(now_ore, 0) - coalesce(then_ore, 0) as change_ore,
        max(then_ore is not null) over of_payer as before,
        max(now_ore is not null) over of_payer as still,
        case when quantity_now > 0 and quantity_then > 0 then (quantity_now - quantity_then) * then_ore / quantity_then end as at_old_price_ore
    from line
    window of_payer as (partition by service, payer_number)
)

select
    service,
    cast(coalesce(sum(change_ore - at_old_price_ore) filter (where before and still), 0) as bigint) as price_ore,
    cast(coalesce(sum(coalesce(at_old_price_ore, change_ore)) filter (where before and still), 0) as bigint) as quantity_ore,
    cast(coalesce(sum(change_ore) filter (where not before), 0) as bigint) as new_ore,
    cast(coalesce(sum(change_ore) filter (where not still), 0) as bigint) as gone_ore,
    bool_or(synthetic) as synthetic
from known
group by service
having sum(then_ore) > 0
order by service;
