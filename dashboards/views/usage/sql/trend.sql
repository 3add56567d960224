-- A municipality's dispatches of a service by month, per 1 000 inhabitants, beside the median and quartiles of a group;
-- with `$code` empty, those of all municipalities, beside the group of Oslo, which is the country without Oslo.
-- One row per month of the window. A month that nobody told of is empty; a channel that was not used in a month that
-- somebody told of is 0. Group figures are of all channels, on the borders of now.
with window_month as (
    select cast(unnest(generate_series($first, $last, interval 1 month)) as date) as month
),

own as (
    select
        month,
        sum(dispatches) filter (where $channel in ('', channel)) as dispatches,
        sum(dispatches) as all_channels,
        sum(dispatches) filter (where channel = 'PRINT') as printed,
        sum(sheets) as sheets,
        cast(sum(production_cost_ore) as bigint) as production_cost_ore,
        cast(sum(postage_ore) as bigint) as postage_ore,
        case when $code <> '' then any_value(inhabitants) end as inhabitants,
        case when $code <> '' then any_value(digital_share) end as digital_share,
        bool_or(digital_share_provisional) as digital_share_provisional,
        count(distinct municipality_code) as municipalities,
        bool_or(estimated) as estimated,
        bool_or(synthetic) as synthetic
    from usage.municipality_month
    where service = $service and borders = $borders and $code in ('', municipality_code)
        and month between $first and $last
    group by month
),

peer as (
    select *
    from usage.peer_month
    where service = $service and month between $first and $last
        and municipality_code = case when $code = '' then '0301' else $code end
        and peer_kind = $peer_kind and peer_group = $peer_group and $borders = 'now'
)

select
    month,
    case when own.month is not null then coalesce(own.dispatches, 0) end as dispatches,
    -- as `dispatches_per_1000` of meta.metric
    cast(round(
        case when own.month is not null then coalesce(own.dispatches, 0) end * 1000 / own.inhabitants, 4
    ) as decimal(18, 4)) as per_1000_inhabitants,
    case when $channel = '' then peer.per_1000_median end as per_1000_median,
    case when $channel = '' then peer.per_1000_q1 end as per_1000_q1,
    case when $channel = '' then peer.per_1000_q3 end as per_1000_q3,
    peer.n,
    peer.members,
    own.digital_share,
    coalesce(own.digital_share_provisional, false) as digital_share_provisional,
    peer.digital_share_median,
    peer.digital_share_q1,
    peer.digital_share_q3,
    own.all_channels,
    case when own.month is not null then coalesce(own.printed, 0) end as printed,
    own.sheets,
    own.production_cost_ore,
    own.postage_ore,
    own.inhabitants,
    own.municipalities,
    coalesce(own.estimated, false) as estimated,
    coalesce(own.synthetic, peer.synthetic, false) as synthetic
from window_month
left join own using (month)
left join peer using (month)
order by month;
