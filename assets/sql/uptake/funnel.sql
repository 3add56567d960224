-- Municipalities at or past each step, by country, county and network.
--
-- Grain: one row per (month, service, area_kind, area) for each month in which any municipality is on a step. A
-- suspended or terminated municipality counts on none.
--
-- read anew for each of the three that ask for it: its file is read faster than its rows are handed to three at once
with status as not materialized (
    select
        month, service, municipality_code, active_basis, days_annex_to_use, synthetic,
        -- who is further along has taken the rungs below: the highest says of all of them whether they are taken
        case when active then 4
             when step in ('SUSPENDED', 'TERMINATED', 'NOT_LISTED') then 0
             when step = 'ACTIVATED' then 3
             when step = 'CONFIGURED' then 2
             else 1 end::utinyint as rung
    from status_month
    where customer_kind = 'MUNICIPALITY' and municipality_code is not null
),
-- a municipality may have several customers (a company and itself): the furthest counts
standing as (
    select
        month, service, municipality_code,
        max(rung) as rung,
        min(days_annex_to_use) filter (where rung > 0) as days_annex_to_use,
        bool_or(synthetic) as synthetic
    from status
    group by month, service, municipality_code
),
-- who was seen to use a service once; that it stands and is not active any more is what dormant means
seen_in_use as (
    select service, municipality_code, min(month) as since
    from status
    where rung = 4 and active_basis = 'USE'
    group by service, municipality_code
),
now as (
    select code as municipality_code, county_code from municipality where valid_to is null
),
area as (
    select 'NO' as area_kind, 'NO' as area, municipality_code, null::date as valid_from, null::date as valid_to from now
    union all
    select 'COUNTY', county_code, municipality_code, null, null from now
    union all
    -- a member may stand in the register by a code of then
    select distinct 'NETWORK', network_member.network_id, way.to_code, network_member.valid_from, network_member.valid_to
    from network_member
    join municipality_to_now as way on way.from_code = network_member.municipality_code
),
-- the basis is the same for every municipality of a service's month, and stands for areas with none as well
shown as (
    select month, service, any_value(active_basis) as active_basis, bool_or(synthetic) as synthetic from status group by month, service
),
-- people of the year, or of the last year that has been counted
people as (
    select month, population.municipality_code, population.inhabitants
    from (select month, (select max(year) from population where year <= year(month)) as year from (select distinct month from shown)) as asked
    join population using (year)
),
-- all that lie in an area in a month, whatever the service
member as (
    select distinct asked.month, area.area_kind, area.area, area.municipality_code, people.inhabitants
    from (select distinct month from shown) as asked
    join area on (area.valid_from is null or area.valid_from <= asked.month) and (area.valid_to is null or asked.month < area.valid_to)
    join now using (municipality_code)
    left join people using (month, municipality_code)
),
area_month as (
    select month, area_kind, area, count(*) as municipalities, sum(inhabitants) as inhabitants from member group by all
),
-- and those of them that stand somewhere
counted as (
    select
        month, service, area_kind, area,
        count(*) filter (where rung >= 1) as annexed,
        count(*) filter (where rung >= 2) as configured,
        count(*) filter (where rung >= 3) as activated,
        count(*) filter (where rung = 4) as active,
        count(*) filter (where rung between 1 and 3 and seen_in_use.since < month) as dormant,
        count(days_annex_to_use) as days_known,
        quantile_disc(days_annex_to_use, 0.5)::integer as median_days,
        sum(inhabitants) filter (where rung = 4) as active_inhabitants,
        bool_or(synthetic) as synthetic
    from standing
    join member using (month, municipality_code)
    left join seen_in_use using (service, municipality_code)
    group by all
)
select
    shown.month,
    shown.service,
    area_month.area_kind,
    area_month.area,
    coalesce(counted.annexed, 0) as annexed,
    coalesce(counted.configured, 0) as configured,
    coalesce(counted.activated, 0) as activated,
    coalesce(counted.active, 0) as active,
    case when shown.active_basis = 'USE' then coalesce(counted.dormant, 0) end as dormant,
    shown.active_basis,
    -- of two municipalities or one the median would be theirs
    case when counted.days_known >= 3 then counted.median_days end as median_days_annex_to_use,
    coalesce(counted.days_known, 0) as days_known,
    area_month.municipalities,
    round(coalesce(counted.active_inhabitants, 0)::decimal(38,0) / area_month.inhabitants::decimal(18,0), 6) as share_of_population,
    -- of an area where nobody stands, what is known of the service that month is what the row rests on
    coalesce(counted.synthetic, shown.synthetic) as synthetic
from shown
join area_month using (month)
left join counted using (month, service, area_kind, area)
