-- how the figures of the others in each municipality's groups lie: how many there are, median and quartiles, exactly
with now as (
    select code, county_code from municipality where valid_to is null
),
series as (
    select service, measure from told group by all
),
-- members of the month; a code of an older division stands for the municipalities it has become, one of now for itself
networked as (
    select distinct network_member.network_id, way.to_code as code
    from network_member
    join municipality_to_now as way on way.from_code = network_member.municipality_code
    where (network_member.valid_from is null or network_member.valid_from <= $month)
      and (network_member.valid_to is null or $month < network_member.valid_to)
),
holds as (
    select 'SIMILAR' as peer_kind, municipality_code as peer_group, peer_code as code from municipality_peer
    union all
    select 'COUNTY', county_code, code from now
    union all
    select 'NETWORK', network_id, code from networked
    union all
    -- Oslo is municipality and county in one, and would compare with nobody
    select 'COUNTRY', 'NO', code from now where code <> '0301'
),
-- the groups of each municipality, also those in which nobody else is; in those of its own kind it is itself
belongs as (
    select code, 'SIMILAR' as peer_kind, code as peer_group, false as inside from now
    union all
    select code, 'COUNTY', county_code, true from now
    union all
    select code, 'NETWORK', network_id, true from networked
    union all
    select code, 'COUNTRY', 'NO', code <> '0301' from now
),
sizes as (
    select peer_kind, peer_group, count(*) as members from holds group by all
),
-- each group once, with all it holds: who looks takes itself out of it
whole as (
    select
        holds.peer_kind, holds.peer_group, told.service, told.measure,
        count(*) filter (where told.shown) as shown,
        list_sort(list(told.figure) filter (where told.figure is not null)) as figures,
        count(*) as told,
        count(*) filter (where told.synthetic) as synthetic
    from holds
    join told on told.code = holds.code
    group by all
),
seen as (
    select
        belongs.code, belongs.peer_kind, belongs.peer_group, series.service, series.measure,
        coalesce(sizes.members, 0) - belongs.inside::integer as members,
        coalesce(whole.shown, 0) - coalesce(own.shown and belongs.inside, false)::integer as n,
        coalesce(whole.told, 0) - (own.code is not null and belongs.inside)::integer as told,
        coalesce(whole.synthetic, 0) - coalesce(own.synthetic and belongs.inside, false)::integer as synthetic,
        whole.figures,
        -- where its own figure lies, to be stepped over; of equal ones any will do. It is in no group but its own
        case when belongs.inside then list_position(whole.figures, own.figure) end as own_at
    from belongs
    cross join series
    left join sizes on sizes.peer_kind = belongs.peer_kind and sizes.peer_group = belongs.peer_group
    left join whole
      on whole.peer_kind = belongs.peer_kind and whole.peer_group = belongs.peer_group
     and whole.service = series.service and whole.measure = series.measure
    left join told as own
      on own.code = belongs.code and own.service = series.service and own.measure = series.measure
),
counted as (
    select * replace (coalesce(own_at, len(figures) + 1) as own_at), len(figures) - (own_at is not null)::integer as n_figures
    from seen
),
-- by nearest rank, as quantile_disc: of n figures in order the one at n * k / 4, rounded up
laid as (
    select
        *,
        (n_figures + 3) // 4 as q1_at, (n_figures + 1) // 2 as median_at, (3 * n_figures + 3) // 4 as q3_at
    from counted
)
select
    code, service, measure, peer_kind, peer_group, members, n,
    case when n_figures >= 5 then figures[q1_at + (q1_at >= own_at)::integer] end as q1,
    case when n_figures >= 3 then figures[median_at + (median_at >= own_at)::integer] end as median,
    case when n_figures >= 5 then figures[q3_at + (q3_at >= own_at)::integer] end as q3,
    case when told > 0 then synthetic > 0 end as synthetic
from laid
