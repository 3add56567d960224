-- Who should have delivered for each of the last 92 days, who did, and how late.
--
-- Grain: one row per (producer, organisation_number, stream, day) on which data was expected or received.
--
-- A day is expected when at least seven of the last eight days of its kind before it have data, and three of four days
-- that the sender delivers for are of such kinds. The kinds are each of Monday to Saturday without public holidays,
-- and Sundays including them. Where no day of a week is expected, the week is expected, on its last working day, when
-- at least seven of the eight weeks before have data. Where nothing in a month is expected, the month is expected, on
-- its last working day, when each of the three months before has data (RHYTHM), or when the organisation is ACTIVATED
-- for a service that it has delivered for before (ADOPTION), from the producer that did so last. Dispatches make a
-- rhythm where they average at least five per day, week or month. So an irregular sender is expected by week, by month
-- or not at all.
--
-- A silence does not end the rhythm it breaks: for eight weeks (92 days for a monthly one) the rhythm from when it
-- began still applies. Nothing is expected before the first delivery, from the day the organisation ended, or from the
-- day another producer began after this one had stopped. A suspended or terminated service makes no rhythm from that
-- day.
--
-- Data is due by the end of the second working day after the day, week or month. A backlog, from before the sender's
-- very first delivery, is due by the end of the second working day after that delivery. Nulls: due_on and late_days
-- where nothing was expected, late_days also before the deadline.
--
-- a slot is what an expectation covers: a day, a week or a month; its series are the slots it is compared with
with sender as (
    select
        row_number() over (order by producer, organisation_number, stream) as sender,
        *,
        cast(timezone('Europe/Oslo', first_received_at) as date) as began_on
    from (
        select
            producer, organisation_number, stream,
            min(day) as first_day,
            max(day) as last_day,
            min(first_received_at) as first_received_at,
            bool_or(synthetic) as synthetic
        from arrival_day
        where day <= $today
        group by producer, organisation_number, stream
    )
),
-- from this day on nothing is expected of the sender: the organisation has ended, or another producer took over
ending as (
    select sender.sender, min(organisation.valid_to) as ended_on, min(other.first_day) as taken_over_on
    from sender
    left join organisation using (organisation_number)
    left join sender as other
      on other.organisation_number = sender.organisation_number and other.stream = sender.stream
     and other.first_day > sender.last_day
    group by sender.sender
),
heard as (
    select sender.sender, arrival_day.service, arrival_day.day, arrival_day.rows, arrival_day.first_received_at
    from arrival_day
    join sender using (producer, organisation_number, stream)
    where arrival_day.day >= $known_from and arrival_day.day <= $today
),
came as (
    select sender, day, min(first_received_at) as first_received_at
    from heard
    where day >= $judged_from
    group by sender, day
),
-- who took which step; an event that only knows the municipality is its organisation's of now
event as (
    select
        coalesce(step_event.organisation_number, municipality.organisation_number) as organisation_number,
        step_event.service, step_event.step, step_event.occurred_at
    from step_event
    left join organisation as municipality
      on step_event.organisation_number is null and municipality.kind = 'MUNICIPALITY'
     and municipality.valid_to is null and municipality.municipality_code = step_event.municipality_code
    where step_event.service is not null
),
-- from when to when a service is suspended or terminated
off as (
    select
        stopped.organisation_number, stopped.service,
        cast(timezone('Europe/Oslo', stopped.occurred_at) as date) as off_from,
        coalesce(cast(timezone('Europe/Oslo', min(resumed.occurred_at)) as date), date '9999-12-31') as off_to
    from event as stopped
    left join event as resumed
      on resumed.organisation_number = stopped.organisation_number and resumed.service = stopped.service
     and resumed.occurred_at > stopped.occurred_at
     and (resumed.step in ('ACTIVATED', 'RESUMED')
          or (stopped.step = 'TERMINATED' and resumed.step in ('ANNEX_SIGNED', 'CONFIGURED')))
    where stopped.step in ('SUSPENDED', 'TERMINATED') and stopped.organisation_number is not null
    group by stopped.organisation_number, stopped.service, stopped.step, stopped.occurred_at
),
-- a service that is off makes no rhythm any more; between two such changes a sender is judged by the services left
change as (
    select organisation_number, unnest([off_from, off_to]) as day from off
),
era as (
    select
        row_number() over (order by sender, era_from) as era,
        sender, organisation_number, stream, era_from,
        lead(era_from, 1, date '9999-12-31') over (partition by sender order by era_from) as era_to
    from (
        select sender, organisation_number, stream, $judged_from as era_from from sender where last_day >= $known_from
        union
        select sender.sender, sender.organisation_number, sender.stream, change.day
        from sender
        join change using (organisation_number)
        where sender.last_day >= $known_from and change.day > $judged_from and change.day <= $today
    )
),
present as (
    select era.era, heard.day, sum(heard.rows)::bigint as rows
    from era
    join heard on heard.sender = era.sender
    where (era.era, heard.service) not in (
        select (era.era, off.service)
        from era
        join off using (organisation_number)
        where off.off_from <= era.era_from and off.off_to > era.era_from
    )
    group by era.era, heard.day
),
day_slot as (
    select one.first_day as day, slot.slot, slot.covers
    from slot as one
    join slot on one.first_day between slot.first_day and slot.last_day
    where one.covers = 'DAY'
),
filled as (
    select present.era, day_slot.slot, sum(present.rows)::bigint as rows
    from present
    join day_slot using (day)
    group by present.era, day_slot.slot
),
-- which slots each slot is looked back on from
later as (
    select before.slot, slot.slot as later
    from slot as before
    join slot
      on slot.series = before.series
     and slot.number > before.number and slot.number <= before.number + slot.looks_back
    where slot.first_day >= $judged_from - slot.patience - 7
),
looked_back as (
    select filled.era, later.later as slot, count(*) as slots, sum(filled.rows)::bigint as rows
    from filled
    join later using (slot)
    group by filled.era, later.later
),
-- slots before which nearly all of their series had something, and not so little that there may be nothing to send
-- whoever measures can report a zero; a dispatch that nobody sent is reported by none
in_rhythm as (
    select looked_back.era, slot.*
    from looked_back
    join slot using (slot)
    join era using (era)
    where looked_back.slots >= slot.enough
      and (era.stream <> 'dispatch' or looked_back.rows >= slot.looks_back * $fewest)
),
-- weeks before which three of four days that came were of kinds on which nearly always something did
-- who sends at random comes to seven of eight on some weekday now and then, but not on most
steady as (
    select looked_back.era, date_trunc('week', slot.first_day)::date as week
    from looked_back
    join slot using (slot)
    where slot.covers = 'DAY'
    group by looked_back.era, week
    having 4 * coalesce(sum(looked_back.slots) filter (where looked_back.slots >= slot.enough), 0) >= 3 * sum(looked_back.slots)
),
silence as (
    select
        era, day as heard_of, date_trunc('week', day + 1)::date as week,
        coalesce(lead(day) over (partition by era order by day), date '9999-12-31') as heard_again
    from present
),
-- a silence does not unmake the rhythm that it breaks: all through it, what held when it began is asked for
by_rhythm as (
    select era.sender, slot.slot
    from (
        select era, slot
        from in_rhythm
        where covers <> 'DAY' or (era, date_trunc('week', first_day)::date) in (select (era, week) from steady)
        union
        select in_rhythm.era, slot.slot
        from silence
        join in_rhythm
          on in_rhythm.era = silence.era
         and in_rhythm.first_day > silence.heard_of and in_rhythm.first_day <= silence.heard_again
        join slot
          on slot.series = in_rhythm.series and slot.number >= in_rhythm.number
         and slot.first_day <= silence.heard_again and slot.first_day - silence.heard_of <= slot.patience
        where silence.heard_again - silence.heard_of > 7
          and (slot.covers <> 'DAY' or (silence.era, silence.week) in (select (era, week) from steady))
    )
    join slot using (slot)
    join era using (era)
    where slot.on_day >= era.era_from and slot.on_day < era.era_to
),
-- activated for a service that it has delivered about before
by_adoption as (
    select told.sender, slot.slot, bool_or(active.synthetic) as synthetic
    from (
        select
            coalesce(status_month.organisation_number, municipality.organisation_number) as organisation_number,
            status_month.month, status_month.service, status_month.synthetic
        from status_month
        left join organisation as municipality
          on status_month.organisation_number is null and municipality.kind = 'MUNICIPALITY'
         and municipality.valid_to is null and municipality.municipality_code = status_month.municipality_code
        where status_month.step = 'ACTIVATED' and status_month.month >= $judged_from
    ) as active
    join (
        select sender.sender, sender.organisation_number, arrival_day.service, min(arrival_day.day) as first_day
        from arrival_day
        join sender using (producer, organisation_number, stream)
        where arrival_day.day <= $today
        group by sender.sender, sender.organisation_number, sender.stream, sender.producer, arrival_day.service
        -- of several producers, the one that delivered about the service last
        qualify row_number() over (
            partition by sender.organisation_number, sender.stream, arrival_day.service
            order by max(arrival_day.day) desc, sender.producer
        ) = 1
    ) as told
      on told.organisation_number = active.organisation_number and told.service = active.service
    join slot on slot.covers = 'MONTH' and slot.first_day = active.month and slot.first_day > told.first_day
    group by told.sender, slot.slot
),
asked as (
    select
        found.sender, slot.*, found.because,
        found.synthetic,
        date_trunc('week', slot.on_day)::date as week,
        date_trunc('month', slot.on_day)::date as month
    from (
        select sender, slot, max(because) as because, bool_or(synthetic) as synthetic
        from (
            select sender, slot, 'RHYTHM' as because, false as synthetic from by_rhythm
            union all
            select sender, slot, 'ADOPTION' as because, synthetic from by_adoption
        )
        group by sender, slot
    ) as found
    join slot using (slot)
    join ending using (sender)
    where slot.on_day < coalesce(ending.ended_on, date '9999-12-31')
      and slot.on_day < coalesce(ending.taken_over_on, date '9999-12-31')
),
-- the finest that is expected is asked for: a week only where no day of it is, a month only where nothing in it is
expected as (
    select * from asked where covers = 'DAY'
    union all
    select * from asked
    where covers = 'WEEK' and (sender, week) not in (select (sender, week) from asked where covers = 'DAY')
    union all
    select * from asked
    where covers = 'MONTH' and (sender, month) not in (select (sender, month) from asked where covers <> 'MONTH')
),
answered as (
    select came.sender, day_slot.slot, min(came.first_received_at) as first_received_at
    from came
    join day_slot using (day)
    group by came.sender, day_slot.slot
),
-- nobody is late with what was about the time before its first delivery of all, such as a backlog
told as (
    select
        expected.sender,
        expected.on_day as day,
        true as expected,
        expected.because as expected_because,
        expected.covers,
        answered.first_received_at,
        cast(timezone('Europe/Oslo', answered.first_received_at) as date) as received_on,
        greatest(expected.due_on, began.due_on) as due_on,
        expected.synthetic
    from expected
    join sender using (sender)
    left join answered using (sender, slot)
    left join slot as began on began.covers = 'DAY' and began.first_day = sender.began_on
),
-- what came about a day that was not asked for itself; a week or month that was asked for is answered by it
more as (
    select came.sender, came.day, came.first_received_at, answering.day is not null as answers
    from came
    left join (
        select distinct expected.sender, day_slot.day
        from expected
        join day_slot using (slot)
        where expected.covers <> 'DAY'
    ) as answering using (sender, day)
    where not exists (select 1 from expected where expected.sender = came.sender and expected.on_day = came.day)
),
known as (
    select
        sender, day, expected, expected_because, covers,
        first_received_at is not null as received,
        first_received_at,
        due_on,
        case when received_on is not null then greatest(received_on - due_on, 0)
             when $today > due_on then $today - due_on end as late_days,
        case when received_on <= due_on then 'RECEIVED'
             when received_on > due_on then 'LATE'
             when $today > due_on then 'MISSING'
             else 'NOT_YET_DUE' end as status,
        synthetic
    from told
    union all
    select
        sender, day, false, null, null, true, first_received_at, null, null,
        case when answers then 'RECEIVED' else 'UNEXPECTED' end,
        false
    from more
)
select
    sender.producer,
    sender.organisation_number,
    sender.stream,
    known.* exclude (sender, synthetic),
    known.synthetic or sender.synthetic or coalesce(organisation.synthetic, false) as synthetic
from known
join sender using (sender)
left join organisation using (organisation_number)
where known.day >= $told_from and known.day <= $today
