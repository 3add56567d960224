-- a month's figures of each municipality beside the median and quartiles of others, on the borders of now
with now as (
    select code, county_code from municipality where valid_to is null
),
used as (
    select service, municipality_code as code, sum(dispatches) as dispatches, any_value(inhabitants) as inhabitants,
           any_value(digital_share) as digital_share, bool_or(synthetic) as synthetic
    from municipality_month
    where borders = 'now'
    group by service, municipality_code
),
-- dispatches * 1000 / inhabitants to four decimals, half up, in whole ten-thousandths: `/` would be a division of floats
figure as (
    select
        service, code, digital_share, synthetic,
        ((((dispatches * 10000)::hugeint * 2000 + inhabitants) // (2 * inhabitants::hugeint))::decimal(18,0) * 0.0001::decimal(4,4))::decimal(18,4) as per_1000
    from used
),
shown as (
    select service, bool_or(synthetic) as synthetic from figure group by service
),
-- members of the month; a code of an older division stands for the municipalities it has become, one of now for itself
networked as (
    select distinct network_member.network_id, way.to_code as code
    from network_member
    join municipality_to_now as way on way.from_code = network_member.municipality_code
    where (network_member.valid_from is null or network_member.valid_from <= $month)
      and (network_member.valid_to is null or $month < network_member.valid_to)
),
-- the groups of each municipality, also those in which nobody else is
belongs as (
    select code, 'SIMILAR' as peer_kind, code as peer_group from now
    union all
    select code, 'COUNTY', county_code from now
    union all
    select code, 'NETWORK', network_id from networked
    union all
    select code, 'COUNTRY', 'NO' from now
),
holds as (
    select 'COUNTY' as peer_kind, county_code as peer_group, code from now
    union all
    select 'NETWORK', network_id, code from networked
    union all
    -- Oslo is municipality and county in one, and would compare with nobody
    select 'COUNTRY', 'NO', code from now where code <> '0301'
),
other as (
    select municipality_code as code, 'SIMILAR' as peer_kind, municipality_code as peer_group, peer_code
    from municipality_peer
    union all
    select belongs.code, belongs.peer_kind, belongs.peer_group, holds.code
    from belongs
    join holds on holds.peer_kind = belongs.peer_kind and holds.peer_group = belongs.peer_group and holds.code <> belongs.code
),
-- who has no row of the service in the month is a gap: among the members, not among the figures
compared as (
    select
        belongs.code, shown.service, belongs.peer_kind, belongs.peer_group,
        count(other.peer_code) as members,
        count(figure.code) as n,
        count(figure.per_1000) as n_per_1000,
        count(figure.digital_share) as n_share,
        list_sort(list(figure.per_1000) filter (where figure.per_1000 is not null)) as per_1000s,
        list_sort(list(figure.digital_share) filter (where figure.digital_share is not null)) as shares,
        bool_or(figure.synthetic) as synthetic
    from belongs
    cross join shown
    left join other on other.code = belongs.code and other.peer_kind = belongs.peer_kind and other.peer_group = belongs.peer_group
    left join figure on figure.service = shown.service and figure.code = other.peer_code
    group by belongs.code, shown.service, belongs.peer_kind, belongs.peer_group
),
-- four times each quartile, exactly: quartile k of n figures lies at (n - 1) * k / 4 from the first, and between two
-- figures it is weighted by the fourths in between (as quantile_cont does, in floats)
fourths as (
    select
        *,
        list_transform([1, 2, 3], lambda k:
            per_1000s[(n_per_1000 - 1) * k // 4 + 1] * (4 - (n_per_1000 - 1) * k % 4)::decimal(1,0)
            + per_1000s[least((n_per_1000 - 1) * k // 4 + 2, n_per_1000)] * ((n_per_1000 - 1) * k % 4)::decimal(1,0)
        ) as per_1000_fourths,
        list_transform([1, 2, 3], lambda k:
            shares[(n_share - 1) * k // 4 + 1] * (4 - (n_share - 1) * k % 4)::decimal(1,0)
            + shares[least((n_share - 1) * k // 4 + 2, n_share)] * ((n_share - 1) * k % 4)::decimal(1,0)
        ) as share_fourths
    from compared
)
select
    $month as month,
    fourths.code as municipality_code,
    fourths.service,
    fourths.peer_kind,
    fourths.peer_group,
    own.per_1000 as per_1000_inhabitants,
    own.digital_share,
    fourths.members,
    fourths.n,
    case when n_per_1000 >= 5 then round(per_1000_fourths[1] * 0.25::decimal(2,2), 4) end as per_1000_q1,
    case when n_per_1000 >= 3 then round(per_1000_fourths[2] * 0.25::decimal(2,2), 4) end as per_1000_median,
    case when n_per_1000 >= 5 then round(per_1000_fourths[3] * 0.25::decimal(2,2), 4) end as per_1000_q3,
    fourths.n_share,
    case when n_share >= 5 then round(share_fourths[1] * 0.25::decimal(2,2), 6) end as digital_share_q1,
    case when n_share >= 3 then round(share_fourths[2] * 0.25::decimal(2,2), 6) end as digital_share_median,
    case when n_share >= 5 then round(share_fourths[3] * 0.25::decimal(2,2), 6) end as digital_share_q3,
    -- where nobody has a figure, what is known of the service that month is what the row rests on
    case when own.code is null and fourths.synthetic is null then shown.synthetic
         else coalesce(own.synthetic, false) or coalesce(fourths.synthetic, false) end as synthetic
from fourths
join shown using (service)
left join figure as own on own.service = fourths.service and own.code = fourths.code
