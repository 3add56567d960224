-- ledger.product_month in one statement, as somebody would write it who has only this to do
with fee as (
    select distinct invoice_id from loan_entry where kind = 'REPAYMENT'
),
lent as (
    select distinct service from loan_entry where service is not null
),
line as (
    select
        invoice_line.service, period, amount_ore,
        if(element.kind in ('FIXED', 'SIZE_CLASS'), 13 - month(period), 1) as months
    from invoice_line
    left join price_element as element using (price_element)
    where not (
        element.kind = 'JOINING_FEE'
        and (invoice_line.service in (from lent) or invoice_id in (from fee) or coalesce(corrects_invoice_id in (from fee), false))
    )
),
-- a year's price is income of the months that are left of the year
income as (
    select
        service, (period + to_months(nth::integer))::date as period,
        sum(
            (round(amount_ore * (nth + 1)::decimal(18,0) / months) - round(amount_ore * nth::decimal(18,0) / months))::bigint
        ) as amount_ore
    from (select *, unnest(range(months)) as nth from line)
    where period + to_months(nth::integer) <= (select max(period) from line) + interval 1 month
    group by all
),
invoiced as (
    select
        service, period, sum(amount_ore) as invoiced_ore,
        sum(amount_ore - round(amount_ore::decimal(18,0) / months))::bigint as ahead_ore
    from line
    group by all
),
placed as (
    select
        c.entry_id, c.period, c.amount_ore,
        coalesce(c.service, m.service) as service,
        coalesce(c.cost_category, m.cost_category, 'DRIFT') as category,
        c.allocation_key as key
    from cost_entry as c
    left join cost_mapping as m
      on m.account = c.account and m.cost_center = c.cost_center
     and c.period >= coalesce(m.valid_from, '-infinity') and c.period < coalesce(m.valid_to, 'infinity')
),
direct as (
    select
        service, period,
        coalesce(sum(amount_ore) filter (where category = 'BRUKERSTOTTE'), 0) as brukerstotte,
        coalesce(sum(amount_ore) filter (where category = 'DRIFT'), 0) as drift,
        coalesce(sum(amount_ore) filter (where category = 'FORVALTNING'), 0) as forvaltning,
        coalesce(sum(amount_ore) filter (where category = 'ADMINISTRASJON'), 0) as administrasjon
    from placed
    where service is not null
    group by all
),
weight as (
    select month as period, upper(measure) as key, service, quantity::bigint as weight from measure_total_month where quantity > 0
    union all
    select month, 'FORSENDELSER', service, sum(dispatches)::bigint from dispatch_month group by all
    union all
    select month, 'AKTIVE', service, count(distinct municipality_code) from status_month where active group by all
    union all
    select period, 'INNTEKT', service, amount_ore::bigint from income where amount_ore > 0
    union all
    select period, 'LIKT', service, 1 from (select period, service from income union select period, service from direct)
),
cut as (
    select
        entry_id, period, w.service, sign(amount_ore) as sign, abs(amount_ore) as amount,
        abs(amount_ore)::hugeint * weight // total as part, abs(amount_ore)::hugeint * weight % total as remainder
    from placed as p
    join (select *, sum(weight) over (partition by period, key) as total from weight) as w using (period, key)
    where p.service is null
),
allocated as (
    select
        service, period,
        sum(sign * (part + (nth <= amount - cut_ore)::integer)) as amount_ore
    from (
        select
            *, row_number() over (partition by entry_id order by remainder desc, service) as nth,
            sum(part) over (partition by entry_id) as cut_ore
        from cut
    )
    group by all
),
planned as (
    select
        service, month as period, sum(case category when 'INCOME' then amount_ore else -amount_ore end) as amount_ore,
        coalesce(sum(amount_ore) filter (where category = 'INCOME'), 0) as income_ore
    from budget
    group by all
),
account as (
    select
        service, period as month,
        coalesce(income.amount_ore, 0) as income_ore,
        coalesce(invoiced_ore, 0) as invoiced_ore, coalesce(ahead_ore, 0) as ahead_ore,
        coalesce(brukerstotte, 0) as brukerstotte, coalesce(drift, 0) as drift,
        coalesce(forvaltning, 0) as forvaltning, coalesce(administrasjon, 0) as administrasjon,
        coalesce(allocated.amount_ore, 0) as allocated_ore,
        planned.amount_ore as budget_ore, planned.income_ore as budget_income_ore
    from income
    left join invoiced using (service, period)
    full join direct using (service, period)
    full join allocated using (service, period)
    full join planned using (service, period)
)
select
    service, month, income_ore::bigint as income_ore, invoiced_ore::bigint, ahead_ore::bigint,
    (income_ore - invoiced_ore + ahead_ore)::bigint, brukerstotte::bigint, drift::bigint, forvaltning::bigint,
    administrasjon::bigint, allocated_ore::bigint,
    (income_ore - brukerstotte - drift - forvaltning - administrasjon - allocated_ore)::bigint as result_ore,
    budget_ore::bigint, budget_income_ore::bigint,
    case when brukerstotte + drift + forvaltning + administrasjon + allocated_ore > 0
        then round(income_ore::decimal(30,0) * 100 / (brukerstotte + drift + forvaltning + administrasjon + allocated_ore)::decimal(30,0), 2)::decimal(18,2)
    end as self_cost_percent,
    sum(income_ore - brukerstotte - drift - forvaltning - administrasjon - allocated_ore)
        over (partition by service order by month)::bigint as balance_carried_ore,
    true as synthetic
from account
order by service, month
