-- title.nb: Hvorfor beløpet er endret
-- title.en: Why the amount has changed
-- definition.nb: Endringen fra samme måned året før, delt i fire som til sammen er hele endringen. Mengde: mer eller
--   mindre, til prisen året før. Pris: resten av endringen. Nytt og falt bort: linjer som bare finnes i den ene
--   måneden.
-- definition.en: The change from the same month of the year before, in four parts that add up to it. Quantity: more or
--   less, at the price of the year before. Price: the rest of the change. New and fallen away: lines of only one of the
--   months.
-- unit: øre
-- dataset: ledger.invoice_basis

with line as (
    select
        month,
        payer_number,
        service,
        price_element,
        channel,
        (sum(quantity) * 10000)::hugeint as quantity,
        sum(amount_ore)::hugeint as amount_ore,
        list_sort(list(distinct unit_price)) as prices,
        bool_or(synthetic) as synthetic
    from ledger.invoice_basis
    where status = 'READY'
    group by all
),

later as (select *, (month - interval 1 year)::date as before from line),
paired as (
    select
        coalesce(later.month, (was.month + interval 1 year)::date) as month,
        coalesce(later.payer_number, was.payer_number) as payer_number,
        coalesce(later.service, was.service) as service,
        later.amount_ore as now_ore,
        was.amount_ore as then_ore,
        (later.quantity - was.quantity) * was.amount_ore as moved,
        was.quantity as quantity,
        later.prices = was.prices or was.quantity = 0 as same_price,
        coalesce(later.synthetic, false) or coalesce(was.synthetic, false) as synthetic
    from later
    full join line as was
        on was.month = later.before
        and was.payer_number = later.payer_number
        and was.service = later.service
        and was.price_element is not distinct from later.price_element
        and was.channel is not distinct from later.channel
),

parted as (
    select
        *,
        case
            when now_ore is null or then_ore is null
            then 0
            when same_price
            then now_ore - then_ore
            else sign(moved) * ((2 * abs(moved) + quantity) // (2 * quantity))
        end as quantity_ore
    from paired
)

select
    month,
    payer_number,
    service,
    sum(
        case when now_ore is null or then_ore is null then 0 else now_ore - then_ore - quantity_ore end
    )::bigint as price_ore,
    sum(quantity_ore)::bigint as quantity_ore,
    sum(case when then_ore is null then now_ore else 0 end)::bigint as new_ore,
    sum(case when now_ore is null then -then_ore else 0 end)::bigint as gone_ore,
    bool_or(synthetic) as synthetic
from parted
where month between (select min(month) + interval 1 year from line) and (select max(month) from line)
group by all;
