-- Inconsistencies between agreement, use and invoice, over the last twelve whole months.
--
-- Grain: one row per (exception, service, organisation_number); an ended number is replaced by its successor's.
--
-- Use without annex: no step of the customer up to that month, at a service with any reported annex. Use after
-- termination: a day of use after a termination without later steps; of a sensitive service a month that begins
-- after it. Use without invoice: no line for the customer in these months, at a service that is billed, other than
-- once or from a number of look-ups a month; use after its last billed period is not billed yet. Pays without use:
-- billed more than nothing without use in any of these months, at a service measured throughout. At any time: a
-- step before the service's launch month in the catalogue; a termination before any other step; a second annex on
-- a later day without a termination between, where a split did not hand the first one on; a step that names a municipality's organisation and another
-- municipality's code. A step known only as no later than some day may be arbitrarily old. Municipalities that merged
-- since had agreements of their own: each signs once, and the customer of now has ended when all of them have, or when
-- it has itself.
--
-- Nulls: organisation and municipality_code where the number is unknown, or not a municipality's.
with used as (
    select organisation_number, service, month, last_day, synthetic
    from use_month
    where month >= $since and month < $through
),
customer as (
    select organisation_number, name, kind, municipality_code from organisation where successor_number is null
),
-- codes that became one with others in force at the same time
merged as (
    select distinct one.from_code, one.to_code
    from municipality_to_now as one
    join municipality_to_now as other
      on other.to_code = one.to_code and other.from_code <> one.from_code
     and coalesce(one.valid_from < other.valid_to, true) and coalesce(other.valid_from < one.valid_to, true)
),
-- events are of an organisation or of a municipality; both stand for the customer of now. `former`: the number or code
-- of whom it is told, where that is one of several that merged into the customer
event as (
    select
        if(adoption.organisation_number is null, merged.from_code, nullif(adoption.organisation_number, step_event.organisation_number)) as former,
        coalesce(step_event.organisation_number, customer.organisation_number) as organisation_number,
        step_event.service, step_event.step, step_event.occurred_at, step_event.month,
        step_event.occurred_precision = 'EXACT' as exact, step_event.estimated, step_event.synthetic
    from step_event
    left join customer on customer.municipality_code = step_event.municipality_code and step_event.organisation_number is null
    left join adoption on adoption.producer = step_event.producer and adoption.event_id = step_event.event_id
    left join merged on merged.from_code = step_event.reported_code and merged.to_code = step_event.municipality_code
    where step_event.service is not null and step_event.step <> 'AGREEMENT_SIGNED'
),
-- where nobody reports annexes, that one is missing says nothing
with_annexes as (
    select distinct service from event where step = 'ANNEX_SIGNED'
),
-- a step that is only known to be no later than some day may have been taken long before
first_step as (
    select organisation_number, service, if(bool_or(not exact), date '1900-01-01', min(month)) as month
    from event
    where organisation_number is not null
    group by all
),
agreement as (
    select
        organisation_number, service, former,
        max(occurred_at) filter (where step = 'TERMINATED') as ended_at,
        max(occurred_at) filter (where step <> 'TERMINATED') as went_on_at,
        bool_or(synthetic) as synthetic
    from event
    where organisation_number is not null
    group by all
),
ended as (
    select
        agreement.organisation_number, agreement.service,
        cast(timezone('Europe/Oslo', max(greatest(agreement.ended_at, itself.ended_at))) as date) as terminated_on,
        bool_or(agreement.synthetic) as synthetic
    from agreement
    left join agreement as itself
      on itself.organisation_number = agreement.organisation_number and itself.service = agreement.service and itself.former is null
    group by all
    having bool_and(coalesce(greatest(agreement.ended_at, itself.ended_at) > coalesce(agreement.went_on_at, timestamptz '1900-01-01'), false))
),
-- a line and its correction cancel out; what is left of a period is what was billed for it
billed as (
    select
        coalesce(organisation.successor_number, invoice_line.organisation_number) as organisation_number,
        invoice_line.service, invoice_line.period as month,
        sum(invoice_line.amount_ore) as amount_ore, bool_or(invoice_line.synthetic) as synthetic
    from invoice_line
    left join organisation using (organisation_number)
    where invoice_line.period < $through
    group by all
),
-- a service is billed up to its last billed period: later use is not billed yet
billing as (
    select service, max(month) as until from billed group by service
),
measured as (
    select service, min(first_day) as since, max(last_day) as until from measured_month group by service
),
launched as (
    select service, try_cast(left(launch_month, 7) || '-01' as date) as launched_in from product
),
-- what is billed once, or from so many look-ups a month on, is not billed to all who use it
for_all_who_use as (
    select service from element group by service having bool_or(kind not in ('ACTIVE_MONTH', 'JOINING_FEE'))
),
-- each signing and ending after the one before it of the same customer; what two producers tell of one day is one
signed as (
    select
        organisation_number, service, month, step, estimated, synthetic,
        cast(timezone('Europe/Oslo', occurred_at) as date) as day,
        lag(step) over one_after_another as step_before,
        lag(estimated) over one_after_another as handed_on,
        cast(timezone('Europe/Oslo', lag(occurred_at) over one_after_another) as date) as day_before
    from event
    where organisation_number is not null and step in ('ANNEX_SIGNED', 'TERMINATED') and exact
    window one_after_another as (partition by organisation_number, service, former order by occurred_at, step)
),
found as (
    select 'STEP_BEFORE_LAUNCH' as exception, event.service, event.organisation_number, event.month, event.synthetic, launched.launched_in as told
    from event
    join launched on launched.service = event.service and event.month < launched.launched_in
    where event.organisation_number is not null
    union all
    select 'TERMINATED_BEFORE_SIGNED', ending.service, ending.organisation_number, ending.month, ending.synthetic, cast(timezone('Europe/Oslo', ending.occurred_at) as date)
    from event as ending
    where ending.step = 'TERMINATED' and ending.organisation_number is not null
      and not exists (
        select 1 from event as before
        where before.organisation_number = ending.organisation_number and before.service = ending.service
          and before.step <> 'TERMINATED' and (before.occurred_at <= ending.occurred_at or not before.exact)
    )
    union all
    select 'SIGNED_TWICE', service, organisation_number, month, synthetic, day_before
    from signed
    -- a part of a split municipality signs its own annex
    where step = 'ANNEX_SIGNED' and step_before = 'ANNEX_SIGNED' and day > day_before and not (handed_on and not estimated)
    union all
    select 'STEP_OF_ANOTHER_MUNICIPALITY', step_event.service, step_event.organisation_number, step_event.month, step_event.synthetic, null
    from step_event
    join customer using (organisation_number)
    where step_event.service is not null and customer.kind = 'MUNICIPALITY' and customer.municipality_code <> step_event.municipality_code and not step_event.estimated
    union all
    select 'USE_WITHOUT_ANNEX', used.service, used.organisation_number, used.month, used.synthetic, null
    from used
    join with_annexes using (service)
    left join first_step using (organisation_number, service)
    where first_step.month is null or first_step.month > used.month
    union all
    select 'USE_AFTER_TERMINATION', used.service, used.organisation_number, used.month, used.synthetic or ended.synthetic, ended.terminated_on
    from used
    join ended using (organisation_number, service)
    -- of a sensitive service whole months are known: the one in which it ended may have been used before
    where if(used.service in ({{sensitive}}), used.month, used.last_day) > ended.terminated_on
    union all
    select 'USE_WITHOUT_INVOICE', used.service, used.organisation_number, used.month, used.synthetic, null
    from used
    join billing on billing.service = used.service and used.month <= billing.until
    join for_all_who_use on for_all_who_use.service = used.service
    where not exists (
        select 1 from billed
        where billed.organisation_number = used.organisation_number and billed.service = used.service and billed.month >= $since
    )
    union all
    -- not one that began to be measured within these months: what was used before then is not known
    select 'PAYS_WITHOUT_USE', billed.service, billed.organisation_number, billed.month, billed.synthetic, null
    from billed
    join measured on measured.service = billed.service and measured.since <= $since and measured.until >= last_day(billed.month)
    where billed.amount_ore > 0 and billed.month >= $since
      and not exists (
        select 1 from used where used.organisation_number = billed.organisation_number and used.service = billed.service
    )
),
listed as (
    select
        exception, service, organisation_number,
        min(month) as first_month, max(month) as last_month, count(distinct month)::integer as months,
        min(told) as told, bool_or(synthetic) as synthetic
    from found
    group by all
),
worded as (
    select
        listed.*,
        customer.name as organisation,
        customer.municipality_code,
        coalesce(customer.name, listed.organisation_number) as who,
        coalesce(product.name_nb, listed.service) as what,
        contains(product.launch_month, 'plan') as planned,
        months || if(months = 1, ' måned', ' måneder') as months_nb,
        months || if(months = 1, ' month', ' months') as months_en,
        strftime(first_month, '%m.%Y') || if(months = 1, '', '–' || strftime(last_month, '%m.%Y')) as span
    from listed
    left join customer using (organisation_number)
    left join product using (service)
)
select
    exception, service, organisation_number, organisation, municipality_code, first_month, last_month, months,
    case exception
        when 'USE_WITHOUT_ANNEX' then who || ' brukte ' || what || ' i ' || months_nb || ' (' || span || ') uten signert vedlegg.'
        when 'USE_AFTER_TERMINATION' then who || ' brukte ' || what || ' i ' || months_nb || ' (' || span || ') etter oppsigelsen ' || strftime(told, '%d.%m.%Y') || '.'
        when 'USE_WITHOUT_INVOICE' then who || ' brukte ' || what || ' i ' || months_nb || ' (' || span || '), men er ikke fakturert.'
        when 'STEP_BEFORE_LAUNCH' then who || ' tok et steg for ' || what || ' (' || span || if(planned, ') før planlagt lansering (', ') før den ble lansert (') || strftime(told, '%m.%Y') || ').'
        when 'TERMINATED_BEFORE_SIGNED' then who || ' sa opp ' || what || ' ' || strftime(told, '%d.%m.%Y') || ' uten å ha tatt noe steg før.'
        when 'STEP_OF_ANOTHER_MUNICIPALITY' then who || ' står med et steg for ' || what || ' (' || span || ') som er meldt for en annen kommune.'
        when 'SIGNED_TWICE' then who || ' har signert vedlegg for ' || what || ' på nytt (' || span || ') uten oppsigelse siden ' || strftime(told, '%d.%m.%Y') || '.'
        else who || ' er fakturert for ' || what || ' i ' || months_nb || ' (' || span || '), men har ikke brukt den.'
    end as sentence,
    case exception
        when 'USE_WITHOUT_ANNEX' then who || ' used ' || what || ' in ' || months_en || ' (' || span || ') without a signed annex.'
        when 'USE_AFTER_TERMINATION' then who || ' used ' || what || ' in ' || months_en || ' (' || span || ') after terminating it on ' || strftime(told, '%d.%m.%Y') || '.'
        when 'USE_WITHOUT_INVOICE' then who || ' used ' || what || ' in ' || months_en || ' (' || span || '), but was not billed.'
        when 'STEP_BEFORE_LAUNCH' then who || ' took a step for ' || what || ' (' || span || if(planned, ') before its planned launch (', ') before its launch (') || strftime(told, '%m.%Y') || ').'
        when 'TERMINATED_BEFORE_SIGNED' then who || ' terminated ' || what || ' on ' || strftime(told, '%d.%m.%Y') || ' without any step before.'
        when 'STEP_OF_ANOTHER_MUNICIPALITY' then who || ' stands with a step for ' || what || ' (' || span || ') that was reported for another municipality.'
        when 'SIGNED_TWICE' then who || ' signed the annex of ' || what || ' again (' || span || ') without terminating it since ' || strftime(told, '%d.%m.%Y') || '.'
        else who || ' was billed for ' || what || ' in ' || months_en || ' (' || span || '), but did not use it.'
    end as sentence_en,
    synthetic
from worded
