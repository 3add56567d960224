-- What each customer owes for a month just for being a customer, at the month's prices.
--
-- Grain: one row per (month, organisation_number, offer, channel), for the months from the first customer to that of
-- `as_of`; `offer` numbers the rows of `offered` for the month. A yearly price is due in January, or in the month of
-- activation, halved from July on; one for a quarter as the quarter begins, or in the month of activation. An activation known only as no later than some day gives no joining fee, and no
-- yearly price before January. A customer that did not exist yet in the month stands for the one that was split into
-- it and others, with the inhabitants of them all. Nulls: own_price except for an amount that is spread; no_fit where
-- a rule fits.
--
-- what is due in each month because somebody is a customer, by the offers of the month: one row per customer and offer
-- that is for it; where none is, one that says so
-- inhabitants on 1 January of the year, or of the year before where that is not published yet
with asked_month as (
    select distinct month, (select max(year) from population where year <= extract(year from month)) as year from offer
),
-- the division is known from 2017 on; the years before stand in that of 2017
way as (
    select
        asked_month.month, asked_month.year, from_code, to_code,
        count(*) over (partition by asked_month.month, to_code) = 1 as of_one
    from asked_month
    join municipality_to_now
      on (valid_from is null or valid_from <= greatest(asked_month.month, date '2017-01-01'))
     and (valid_to is null or greatest(asked_month.month, date '2017-01-01') < valid_to)
),
-- people are counted on the borders of now: a municipality of then has a count where it is one of now, or several whole
inhabitants_of as (
    select way.month, way.from_code as place, sum(population.inhabitants) as inhabitants
    from way
    left join population on population.municipality_code = way.to_code and population.year = way.year
    group by all
    having bool_and(way.of_one) and count(population.inhabitants) = count(*)
    union all
    select asked_month.month, left(population.municipality_code, 2), sum(population.inhabitants)
    from asked_month
    join population using (year)
    group by all
),
-- who a customer of now was in the month: where it was not there yet, the one that was split into it and others
spell as (
    select
        month, span.* replace (coalesce(was.organisation_number, span.organisation_number) as organisation_number)
    from customer_span as span
    join asked_month on span.first_month <= month and (span.last_month is null or month <= span.last_month)
    left join organisation using (organisation_number)
    left join organisation_part as was
      on was.customer = span.organisation_number and organisation.valid_from > month
     and was.valid_from <= month and month < was.valid_to
    where span.state = 'ACTIVE' and span.service in (select service from offer)
),
-- of two spells in a month the earlier holds; a customer known as one no later than some day did not join then
customer as (
    select
        span.month, span.organisation_number, span.service, span.customer_kind, inhabitants_of.inhabitants,
        span.first_month = span.month and span.exact as joins,
        span.first_month = span.month and span.exact and span.first_time as joins_first,
        extract(month from span.month) = 1 or joins as year_begins,
        extract(month from span.month) % 3 = 1 or joins as quarter_begins,
        if(extract(month from span.month) >= 7, 0.5, 1)::decimal(2,1) as share_of_year,
        span.synthetic
    from spell as span
    left join municipality_of as stood
      on stood.organisation_number = span.organisation_number
     and stood.valid_from <= span.month and (stood.valid_to is null or span.month < stood.valid_to)
    left join inhabitants_of
      on inhabitants_of.place = coalesce(stood.municipality_code, span.place) and inhabitants_of.month = span.month
    qualify row_number() over (partition by span.month, span.organisation_number, span.service order by span.first_month) = 1
),
-- a yearly price is due once a calendar year: in January, else in the first month that is known to begin; who is out and
-- back within the year has paid. A quarter likewise
standing as (
    select
        *,
        year_begins and count(*) filter (where year_begins) over (
            partition by organisation_number, service, extract(year from month) order by month
            rows between unbounded preceding and 1 preceding
        ) = 0 as year_is_due,
        quarter_begins and count(*) filter (where quarter_begins) over (
            partition by organisation_number, service, date_trunc('quarter', month) order by month
            rows between unbounded preceding and 1 preceding
        ) = 0 as quarter_is_due
    from customer
),
asked as (
    select
        standing.month, standing.organisation_number, standing.customer_kind, standing.inhabitants, standing.synthetic,
        offer.offer, offer.kind, offer.service, offer.price_element, offer.channel, offer.measure, offer.size_low, offer.size_high, offer.amount, offer.price_rule, offer.no_price,
        -- one of the size classes of a service is a customer's
        if(offer.kind = 'SIZE_CLASS', '', offer.price_element) as slot,
        (offer.customers is null or offer.customers = standing.customer_kind) as of_kind,
        if(offer.months = 12, standing.share_of_year, 1)::decimal(18,4) as share
    from standing
    join offer on offer.service = standing.service and offer.month = standing.month
    where offer.kind in ('FIXED', 'FIXED_MONTHLY', 'SIZE_CLASS', 'PER_INHABITANT', 'INHABITANT_BRACKET', 'JOINING_FEE', 'BASE_FUNDING')
      and case offer.kind
              when 'JOINING_FEE' then standing.joins_first
              when 'BASE_FUNDING' then (extract(month from standing.month) - 1) % offer.months = 0
              else case offer.months when 1 then true when 3 then standing.quarter_is_due else standing.year_is_due end
          end
      -- a price a month with a measure is for those who have something of it: it is counted with what is used. One a
      -- year stands on the agreement
      and not (offer.kind in ('FIXED', 'FIXED_MONTHLY') and offer.monthly and offer.measure is not null)
),
fitted as (
    select
        *,
        of_kind
            and (kind = 'INHABITANT_BRACKET' and inhabitants > coalesce(size_low, 0)
                 or kind <> 'INHABITANT_BRACKET'
                    and (size_low is null or inhabitants >= size_low)
                    and (size_high is null or inhabitants < size_high)
                    and (kind <> 'PER_INHABITANT' or inhabitants is not null)) is true as fits
    from asked
),
chosen as (
    select *
    from fitted
    -- offers that clash are all there without a price: what a customer owes is one line
    qualify (fits and (no_price is null or row_number() over (
                partition by month, organisation_number, price_element, channel, fits,
                    if(kind = 'INHABITANT_BRACKET', (size_low, size_high), null)
                order by offer) = 1))
        or (not bool_or(fits) over (partition by month, organisation_number, service, slot)
            and row_number() over (partition by month, organisation_number, service, slot order by not of_kind, price_element, channel, size_low, price_rule) = 1)
),
-- an amount that is spread: by inhabitants where the rule says so, else equally; the largest remainders take what is left
weighted as (
    select
        *,
        if(kind = 'BASE_FUNDING' and fits and amount is not null, if(measure = 'innbyggere', coalesce(inhabitants, 0), 1), null)::hugeint as weight,
        round(amount * 100)::hugeint as whole_ore
    from chosen
),
parted as (
    select
        *,
        whole_ore * weight // nullif(sum(weight) over spread, 0) as part,
        whole_ore * weight % nullif(sum(weight) over spread, 0) as remainder
    from weighted
    window spread as (partition by month, offer)
),
spread_out as (
    select
        *,
        part + (row_number() over (partition by month, offer order by remainder desc, organisation_number) <= whole_ore - sum(part) over (partition by month, offer))::integer as part_ore
    from parted
)
select
    month,
    organisation_number,
    offer,
    if(kind = 'INHABITANT_BRACKET', coalesce(size_low, 0) || '–' || coalesce(size_high::varchar, ''), channel) as channel,
    case
        when kind in ('JOINING_FEE', 'BASE_FUNDING', 'FIXED_MONTHLY') then 1
        when kind = 'PER_INHABITANT' then coalesce(inhabitants, 0) * share
        when kind = 'INHABITANT_BRACKET' then greatest(least(inhabitants, coalesce(size_high, inhabitants)) - coalesce(size_low, 0), 0) * share
        else share
    end::decimal(18,4) as quantity,
    case when weight is not null then part_ore::decimal(18,6) / 100 end as own_price,
    case
        when fits then null
        when of_kind and inhabitants is null then 'NO_INHABITANTS'
        else 'NO_RULE'
    end as no_fit,
    synthetic
from spread_out
where weight is null or weight > 0
