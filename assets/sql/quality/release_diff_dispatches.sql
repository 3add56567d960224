-- why the numbers of dispatches of two releases differ, per organisation
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
)
select month, organisation_number, service, $dispatches as measure, reason, dispatches as difference from told
union all
select month, organisation_number, service, $dispatches, left_over, dispatches from unexplained join changed using (month)
