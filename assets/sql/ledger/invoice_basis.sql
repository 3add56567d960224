-- The amounts for a month's use and agreements, at the month's prices.
--
-- Grain: one row per (payer_number, organisation_number, account_id, service, price_element, channel, month, price_from). Unit:
-- øre without VAT, each row rounded separately. Use belongs to whoever used it; amounts due by agreement belong to
-- today's customer. Nulls: account_id and channel where the element is not counted by them, account_id also where it
-- is person-priced; price_from where one price holds all month, and for what is not priced by its day; unit, unit_price, price_rule and amount_ore where not exactly one rule holds.
with line as (
    select organisation_number, account_id, channel, offer, quantity, null::decimal(18,6) as own_price, null::varchar as no_fit, true as is_use, synthetic
    from billed_use
    union all
    select organisation_number, null, channel, offer, quantity, own_price, no_fit, false, synthetic
    from customer_charge
    where month = $month
),
-- where nobody reports annexes of a service, that one is missing says nothing
offered as (
    select *, service in (select service from with_annexes) as annexes_told from offer
),
told as (
    select
        line.organisation_number, line.account_id, offer.service, offer.price_element, line.channel, line.is_use, line.quantity,
        coalesce(line.no_fit, offer.no_price) as no_price,
        offer.unit, coalesce(line.own_price, offer.amount) as unit_price, offer.price_rule,
        offer.first_day as price_from,
        line.synthetic, offer.synthetic as price_synthetic, offer.annexes_told
    from line
    join offered as offer using (offer)
),
standing as (
    select organisation_number, service, bool_or(state = 'AGREED') as agreed, bool_or(state = 'TERMINATED') as terminated
    from standing_in_month
    where state <> 'ACTIVE' and service in (select service from offer)
    group by all
),
-- what is told of a successor before it was one is of the municipalities that ended
stood as (
    select organisation_number, service, bool_or(agreed) as agreed, bool_or(terminated) as terminated
    from (
        from standing
        union all by name
        select organisation.organisation_number, service, agreed, terminated
        from organisation
        join standing on standing.organisation_number = organisation.successor_number
    )
    group by all
),
judged as (
    select
        told.*,
        case
            when not (is_use and annexes_told) then null
            when not coalesce(agreed, false) then 'NO_ANNEX'
            when terminated then 'TERMINATED'
        end as no_agreement
    from told
    left join stood using (organisation_number, service)
)
select
    coalesce(of_service.payer_number, of_all.payer_number, judged.organisation_number) as payer_number,
    judged.organisation_number,
    account_id,
    judged.service,
    price_element,
    channel,
    price_from,
    quantity,
    if(no_price is null, unit, null) as unit,
    if(no_price is null, unit_price, null) as unit_price,
    if(no_price is null, price_rule, null) as price_rule,
    if(no_price is null, (round(quantity * unit_price, 2) * 100)::bigint, null) as amount_ore,
    case when no_price is not null then 'NO_PRICE' when no_agreement is not null then 'NO_AGREEMENT' else 'READY' end as status,
    coalesce(no_price, no_agreement) as note,
    judged.synthetic
        or (no_price is null and price_synthetic)
        or coalesce(if(of_service.payer_number is not null, of_service.synthetic, of_all.synthetic), false) as synthetic
from judged
left join payer_of_service as of_service on of_service.organisation_number = judged.organisation_number and of_service.service = judged.service
left join payer_of_all as of_all on of_all.organisation_number = judged.organisation_number
