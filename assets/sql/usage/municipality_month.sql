-- Count a month's dispatches of municipalities, on the borders of then and of now.
--
-- Grain: one row per (month, borders, municipality_code, service, channel). Organisations other than municipalities
-- are left out. `then` and `now` have the same sum: merges are exact, and in a split the last successor takes the
-- remainder.
-- Nulls: inhabitants and per_1000_inhabitants where a code of then is not one municipality of now.
with sent as (
    select
        organisation_number,
        service,
        channel,
        sum(dispatches) as dispatches,
        sum(dispatches) filter (where outcome = 'delivered') as delivered,
        sum(sheets) as sheets,
        sum(production_cost_ore) as production_cost_ore,
        sum(postage_ore) as postage_ore,
        bool_or(synthetic) as synthetic
    from dispatch_day
    group by all
),
-- where each organisation was in this month; one that ended before it counts for its successor
placed as (
    select municipality_of.municipality_code as code, municipality_of.estimated as guessed, sent.* exclude (organisation_number)
    from sent
    join municipality_of
      on municipality_of.organisation_number = sent.organisation_number
     and municipality_of.valid_from <= $month
     and (municipality_of.valid_to is null or $month < municipality_of.valid_to)
),
per_then as (
    select code, service, channel, bool_or(guessed) as estimated, bool_or(synthetic) as synthetic,
           sum(dispatches)::decimal(38,4) as dispatches, coalesce(sum(delivered), 0)::decimal(38,4) as delivered,
           sum(sheets)::decimal(38,4) as sheets, sum(production_cost_ore)::decimal(38,4) as production_cost_ore,
           sum(postage_ore)::decimal(38,4) as postage_ore
    from placed
    group by all
),
way as (
    select
        *,
        count(*) over (partition by from_code) as parts,
        row_number() over (partition by from_code order by to_code desc) = 1 as is_last
    from municipality_to_now
    -- the division is known from 2017 on; the years before stand in that of 2017
    where (valid_from is null or valid_from <= greatest($month, date '2017-01-01'))
      and (valid_to is null or greatest($month, date '2017-01-01') < valid_to)
),
-- a split follows the weights, rounded; its last successor takes what rounding leaves, so that sums are kept
shares as (
    select
        per_then.code as from_code, way.to_code as code, service, channel, synthetic, is_last,
        per_then.estimated or way.estimated as estimated,
        dispatches as whole_dispatches, delivered as whole_delivered, sheets as whole_sheets,
        production_cost_ore as whole_production, postage_ore as whole_postage,
        round(dispatches * weight, 4) as dispatches, round(delivered * weight, 4) as delivered, round(sheets * weight, 4) as sheets,
        round(production_cost_ore * weight, 4) as production_cost_ore, round(postage_ore * weight, 4) as postage_ore
    from per_then
    join way on way.from_code = per_then.code
),
kept as (
    select
        code, service, channel, estimated, synthetic,
        case when is_last then whole_dispatches - sum(case when is_last then 0 else dispatches end) over cell else dispatches end as dispatches,
        case when is_last then whole_delivered - sum(case when is_last then 0 else delivered end) over cell else delivered end as delivered,
        case when is_last then whole_sheets - sum(case when is_last then 0 else sheets end) over cell else sheets end as sheets,
        case when is_last then whole_production - sum(case when is_last then 0 else production_cost_ore end) over cell else production_cost_ore end as production_cost_ore,
        case when is_last then whole_postage - sum(case when is_last then 0 else postage_ore end) over cell else postage_ore end as postage_ore
    from shares
    window cell as (partition by from_code, service, channel)
),
per_now as (
    select code, service, channel, bool_or(estimated) as estimated, bool_or(synthetic) as synthetic,
           sum(dispatches) as dispatches, sum(delivered) as delivered, sum(sheets) as sheets,
           sum(production_cost_ore) as production_cost_ore, sum(postage_ore) as postage_ore
    from kept
    group by all
),
both_borders as (
    select 'then' as borders, code, service, channel, estimated, synthetic, dispatches, delivered, sheets, production_cost_ore, postage_ore from per_then
    union all
    select 'now', code, service, channel, estimated, synthetic, dispatches, delivered, sheets, production_cost_ore, postage_ore from per_now
),
-- people are counted on the borders of now; a code of then has a count where it is the same area as one of now
people as (
    select 'now' as borders, municipality_code as code, inhabitants from population where year = year($month)
    union all
    select 'then', way.from_code, any_value(population.inhabitants)
    from way
    join population on population.municipality_code = way.to_code and population.year = year($month)
    where way.parts = 1
      and way.to_code in (select to_code from way group by to_code having count(*) = 1)
    group by way.from_code
)
select
    $month as month,
    borders,
    code as municipality_code,
    service,
    channel,
    dispatches,
    sheets,
    production_cost_ore,
    postage_ore,
    people.inhabitants,
    round(dispatches * 1000 / people.inhabitants::decimal(18,0), 4) as per_1000_inhabitants,
    round((sum(case when channel = 'PRINT' then 0 else delivered end) over place) / nullif(sum(delivered) over place, 0), 6) as digital_share,
    $provisional as digital_share_provisional,
    estimated,
    synthetic
from both_borders
left join people using (borders, code)
window place as (partition by borders, code, service)
