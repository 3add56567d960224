-- why the numbers of two releases differ: first per organisation in whole dispatches, then where these lie now
-- "before" and "after" are the earlier and the later release; the last lines turn both round where the caller asked so
with arrived as (
    select
        dispatch.month,
        dispatch.organisation_number,
        dispatch.service,
        dispatch.producer,
        dispatch.dispatch_id,
        dispatch.created_at,
        dispatch.first_received_at,
        changed.ends,
        coalesce(dispatch.first_received_at >= changed.new_from, false) as maybe_unseen
    from dispatch
    join changed using (month)
    where dispatch.service not in ({{sensitive}})
      and (dispatch.first_received_at >= changed.new_from or dispatch.created_at > $as_of)
),
classed as (
    select
        arrived.month,
        arrived.organisation_number,
        arrived.service,
        case
            when not maybe_unseen or known.dispatch_id is not null or withdrawn.dispatch_id is not null
                then case when arrived.created_at > $as_of then 'HELD_BEFORE' end
            when reinstated.dispatch_id is not null then 'WITHDRAWN'
            when sent_before.service is null then 'NEW_SENDER'
            when first_received_at >= ends or $as_of >= ends then 'LATE'
            else 'NEW'
        end as reason
    from arrived
    -- only where the clock went back: a batch that both saw, received after one that the earlier did not see
    left join known using (month, producer, dispatch_id)
    left join withdrawn using (month, producer, dispatch_id)
    left join reinstated using (month, producer, dispatch_id)
    left join sent_before
      on sent_before.organisation_number = arrived.organisation_number and sent_before.service = arrived.service
),
-- of a batch taken back, what no other batch tells of
still_there as (
    select month, producer, dispatch_id from dispatch semi join withdrawn using (month, producer, dispatch_id)
),
told as (
    select month, organisation_number, service, reason, count(*) as dispatches
    from classed
    where reason is not null
    group by all
    union all
    select month, organisation_number, service, 'WITHDRAWN', -count(*)
    from withdrawn
    anti join still_there using (month, producer, dispatch_id)
    where created_at <= $as_of and service not in ({{sensitive}})
    group by all
),
side_by_side as (
    select month, organisation_number, service, dispatches as before, 0 as after, synthetic from dispatches_before
    union all
    select month, organisation_number, service, 0, dispatches, synthetic from dispatches_after
),
counted as (
    select month, organisation_number, service, sum(before) as before, sum(after) as after, bool_or(synthetic) as synthetic
    from side_by_side
    where service not in ({{sensitive}})
    group by all
),
-- what neither arrival nor withdrawal explains
unexplained as (
    select month, organisation_number, service, sum(dispatches) as dispatches
    from (
        select month, organisation_number, service, after - before as dispatches from counted
        union all
        select month, organisation_number, service, -dispatches from told
    )
    group by all
),
by_sender as (
    select month, organisation_number, service, reason, dispatches from told
    union all
    select month, organisation_number, service, left_over, dispatches from unexplained join changed using (month)
),
placed as (
    select by_sender.month, place.municipality_code as code, service, reason, sum(dispatches)::decimal(38, 4) as dispatches
    from by_sender
    left join of_after as place
      on place.organisation_number = by_sender.organisation_number
     and place.valid_from <= by_sender.month
     and (place.valid_to is null or by_sender.month < place.valid_to)
    group by all
),
-- the way to the division of now, as usage.municipality_month takes it
way as (
    select
        month,
        from_code,
        to_code,
        weight,
        row_number() over (partition by month, from_code order by to_code desc) = 1 as is_last
    from changed
    join municipality_to_now
      on (valid_from is null or valid_from <= greatest(month, date '2017-01-01'))
     and (valid_to is null or greatest(month, date '2017-01-01') < valid_to)
),
shares as (
    select
        placed.month, placed.code, way.to_code, service, reason, is_last,
        dispatches as whole,
        round(dispatches * weight, 4) as share
    from placed
    join way on way.month = placed.month and way.from_code = placed.code
),
parts as (
    select
        month, to_code as code, service, reason,
        case when is_last then whole - sum(case when is_last then 0 else share end) over (partition by month, code, service, reason) else share end as difference
    from shares
    union all
    select month, null, service, reason, dispatches from placed where code is null
),
-- what each release says of a municipality; and of those that are none, what its months have over
said as (
    select month, municipality_code as code, service, dispatches as before, 0 as after, synthetic from month_before where borders = 'now'
    union all
    select month, municipality_code, service, 0, dispatches, synthetic from month_after where borders = 'now'
    union all
    select month, null, service, dispatches, 0, synthetic
    from dispatches_before
    anti join of_before as place
      on place.organisation_number = dispatches_before.organisation_number
     and place.valid_from <= dispatches_before.month and (place.valid_to is null or dispatches_before.month < place.valid_to)
    union all
    select month, null, service, 0, dispatches, synthetic
    from dispatches_after
    anti join of_after as place
      on place.organisation_number = dispatches_after.organisation_number
     and place.valid_from <= dispatches_after.month and (place.valid_to is null or dispatches_after.month < place.valid_to)
),
cell as (
    select month, code, service, sum(before)::decimal(38, 4) as before, sum(after)::decimal(38, 4) as after, bool_or(synthetic) as synthetic
    from said
    where service not in ({{sensitive}})
    group by all
),
-- numbers that moved between municipalities without a change of any sender's: the parts do not sum up, and this is over
whole as (
    select month, code, service, reason, sum(difference) as difference
    from (
        select month, code, service, reason, difference from parts
        union all
        select month, code, service, null, after - before from cell
        union all
        select month, code, service, null, -difference from parts
    )
    group by all
    having sum(difference) <> 0
),
weighed as (
    select
        *,
        count(reason) over one_cell as reasons,
        coalesce(sum(difference) filter (where reason is null) over one_cell, 0) as over,
        row_number() over (partition by month, code, service order by reason is null, abs(difference) desc, reason) as place
    from whole
    window one_cell as (partition by month, code, service)
),
-- a split is rounded by channel there and by reason here: the largest part takes what that leaves
settled as (
    select
        month, code, service,
        coalesce(reason, $moved) as reason,
        sum(case when place = 1 and reason is not null and abs(over) < 0.01 then difference + over else difference end) as difference
    from weighed
    where not (reason is null and reasons > 0 and abs(over) < 0.01)
    group by all
)
select
    settled.month,
    settled.code as municipality_code,
    settled.service,
    settled.reason,
    case when $turned then -difference else difference end as difference,
    case when $turned then cell.after else cell.before end as before,
    case when $turned then cell.before else cell.after end as after,
    $release as release,
    $compared_with as compared_with,
    cell.synthetic
from settled
join cell
  on cell.month = settled.month and cell.service = settled.service and cell.code is not distinct from settled.code
where difference <> 0
order by all
