-- why the numbers of other use of two releases differ, per organisation
with differing as (
    select
        month, organisation_number, service, measure,
        after - before as difference,
        measure in (select measure from measure where kind = 'STOCK') as stands
    from used
    where before <> after
),
classed as (
    select
        measurement.month,
        measurement.organisation_number,
        measurement.service,
        measurement.measure,
        measurement.producer,
        measurement.day,
        coalesce(measurement.account_id, '') as account,
        measurement.source,
        measurement.quantity,
        measurement.reported_at,
        measurement.first_received_at,
        differing.stands,
        case
            when not coalesce(measurement.first_received_at >= changed.new_from, false)
                or known.source is not null or withdrawn.source is not null
                then case when measurement.day > $known_day then 'HELD_BEFORE' end
            when reinstated.source is not null then 'WITHDRAWN'
            when sent_before.service is null then 'NEW_SENDER'
            when measurement.first_received_at >= changed.ends or $as_of >= changed.ends then 'LATE'
            else 'NEW'
        end as reason
    from measurement
    join changed on changed.month = measurement.month
    join differing
      on differing.month = measurement.month
     and differing.organisation_number = measurement.organisation_number
     and differing.service = measurement.service
     and differing.measure = measurement.measure
    -- only where the clock went back: a batch that both saw, received after one that the earlier did not see
    left join known on {{same_as_known}}
    left join withdrawn on {{same_as_withdrawn}}
    left join reinstated on {{same_as_reinstated}}
    left join sent_before
      on sent_before.organisation_number = measurement.organisation_number
     and sent_before.service = measurement.service
     and sent_before.measure = measurement.measure
),
-- of a batch taken back: what no other batch tells of, and what an earlier report stands for again
taken_back as (
    select
        withdrawn.month, withdrawn.organisation_number, withdrawn.service, withdrawn.measure,
        withdrawn.day, withdrawn.account, withdrawn.source,
        differing.stands,
        coalesce(classed.quantity, 0) - withdrawn.quantity as difference
    from withdrawn
    join differing using (month, organisation_number, service, measure)
    left join classed using (month, organisation_number, service, measure, producer, day, account, source)
    where withdrawn.day <= $known_day
      and (classed.day is null or classed.reported_at < withdrawn.reported_at)
),
-- of what stands, the month's last day counts, by account and source
standing as (
    select *
    from classed
    where stands
    qualify day = max(day) over (partition by month, organisation_number, service, measure, account, source)
),
-- the newest of these rows gives the reason of the whole difference
newest as (
    select
        month, organisation_number, service, measure,
        (max(struct_pack(at := first_received_at, reason := reason))).reason as reason
    from standing
    where reason is not null
    group by all
),
stood as (
    select distinct month, organisation_number, service, measure
    from taken_back
    anti join standing
      on standing.month = taken_back.month
     and standing.organisation_number = taken_back.organisation_number
     and standing.service = taken_back.service
     and standing.measure = taken_back.measure
     and standing.account = taken_back.account
     and standing.source = taken_back.source
     and standing.day > taken_back.day
    where stands
),
told as (
    select month, organisation_number, service, measure, reason, sum(quantity) as difference
    from classed
    where reason is not null and not stands
    group by all
    union all
    select month, organisation_number, service, measure, 'WITHDRAWN', sum(difference)
    from taken_back
    where not stands
    group by all
    union all
    select month, organisation_number, service, measure, newest.reason, difference
    from differing
    join newest using (month, organisation_number, service, measure)
    where stands
    union all
    select month, organisation_number, service, measure, 'WITHDRAWN', difference
    from differing
    semi join stood using (month, organisation_number, service, measure)
    anti join newest using (month, organisation_number, service, measure)
    where stands
),
-- what neither arrival nor withdrawal explains
unexplained as (
    select month, organisation_number, service, measure, sum(difference) as difference
    from (
        select month, organisation_number, service, measure, difference from differing
        union all
        select month, organisation_number, service, measure, -difference from told
    )
    group by all
)
select month, organisation_number, service, measure, reason, difference from told
union all
select month, organisation_number, service, measure, left_over, difference from unexplained join changed using (month)
