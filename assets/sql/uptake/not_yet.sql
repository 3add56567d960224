-- Whom to call: the municipalities that may use a service but do not, with reasons and contacts.
--
-- Grain: one row per (service, municipality of now) that may use the service and is not active in the service's last
-- observed month; none for external or unobserved services. Those that declined are in `declined`.
--
-- A municipality has the step of its furthest customer. The time of the step is the last exact time since it last left
-- that step; where it is only known to be no later than some day, that day's month is in the sentence and
-- `months_waiting` is null. Priority 2 requires a similar one that is active: `nearest`, whatever the reason.
--
-- A system is seen where a dispatch of the last twelve months names it by the register; a municipality carries a
-- service with it when it is active on the service and was seen with it there. Its supplier is the one in
-- `supplier_support`, else the first by name in the connections. A row of `supplier_support` without a date is
-- ignored. Sensitive services, and others without connections, have no `supplier_carries`.
--
-- Registers may hold older codes. A follow-up or contact on an old code counts where all of that code became one
-- municipality, and only if the code of now has none of its own; on a split code it counts for nobody. A membership on
-- a split code counts for each part.
--
-- Nulls: `months_waiting` without a step, after activation, and where the month is unknown; `nearest` where no similar
-- municipality, nor any in the same network or county, is active.
with words as (
    select
        ['januar', 'februar', 'mars', 'april', 'mai', 'juni', 'juli', 'august', 'september', 'oktober', 'november', 'desember'] as nb,
        ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'] as en
),
waiting as (
    select standing.*, followed.status as follow_up, followed.followed_up_on, followed.note as follow_up_note
    from standing
    left join followed on followed.service = standing.service and followed.code = standing.code
    where not standing.active and coalesce(followed.status not in ({{declined}}), true)
),
active as (
    select service, code, municipality, inhabitants, synthetic from standing where active
),

-- when the step was taken -------------------------------------------------------------------------------------------
-- what the customers that are furthest along did up to the month; resumed stands on activated
event as (
    select
        waiting.service, waiting.code, waiting.step, coalesce(step_event.organisation_number, '') as number,
        replace(step_event.step, 'RESUMED', 'ACTIVATED') as taken, step_event.month, step_event.occurred_at,
        step_event.occurred_precision = 'EXACT' as exact
    from waiting
    join step_event
      on step_event.service = waiting.service and step_event.municipality_code = waiting.code
     and step_event.month <= waiting.month
     and list_contains(waiting.numbers, coalesce(step_event.organisation_number, ''))
),
-- a step that was left and taken again is told by the events since
left_at as (
    select
        *,
        max(occurred_at) filter (
            where case step when 'ACTIVATED' then taken in ('SUSPENDED', 'TERMINATED')
                            when 'SUSPENDED' then taken in ('ACTIVATED', 'TERMINATED')
                            when 'TERMINATED' then taken not in ('SUSPENDED', 'TERMINATED')
                            else taken = 'TERMINATED' end
        ) over (partition by service, code, number) as last_left_at
    from event
),
-- the last time it is told exactly; else the first list that has it, for it happened no later than that
since as (
    select
        service, code,
        coalesce(max(month) filter (where exact), min(month)) as month,
        bool_or(exact) as exact
    from left_at
    where taken = step and occurred_at >= coalesce(last_left_at, occurred_at)
    group by service, code
),

-- supplier ----------------------------------------------------------------------------------------------------------
place as (
    select code, system, max(month) as month, bool_or(synthetic) as synthetic
    from seen
    where code is not null and system is not null
    group by code, system
),
-- of several systems the one with the best evidence, then the one that carries it for most
supplied as (
    select
        waiting.service, waiting.code, place.month as seen_month, supply.* exclude (service, synthetic),
        supply.synthetic or place.synthetic as synthetic
    from waiting
    join place on place.code = waiting.code
    join supply on supply.service = waiting.service and supply.system = place.system
    qualify row_number() over (
        partition by waiting.service, waiting.code
        order by list_position(['YES', 'NO', 'UNKNOWN'], supply.ready), supply.carries desc nulls last, supply.system
    ) = 1
),

-- nearest that is active --------------------------------------------------------------------------------------------
peer as (
    select waiting.service, waiting.code, min({'rank': municipality_peer.rank, 'code': municipality_peer.peer_code}).code as nearest
    from waiting
    join municipality_peer on municipality_peer.municipality_code = waiting.code
    join active on active.service = waiting.service and active.code = municipality_peer.peer_code
    group by waiting.service, waiting.code
),
-- members today; a code of an older division stands for the municipalities it has become
networked as (
    select distinct
        network_member.network_id, regexp_replace(network.name, ' \(.*$', '') as name,
        network.part_of is not null as is_part, way.to_code as code
    from network_member
    join network using (network_id)
    join municipality_to_now as way on way.from_code = network_member.municipality_code
    where (network_member.valid_from is null or network_member.valid_from <= $today)
      and (network_member.valid_to is null or $today < network_member.valid_to)
),
neighbour as (
    select code, other, min({'place': place, 'name': name}) as tie
    from (
        select one.code, another.code as other, if(one.is_part, 2, 1) as place, one.name
        from networked as one
        join networked as another on another.network_id = one.network_id and another.code <> one.code
        union all
        select one.code, another.code, 3, ''
        from municipality as one
        join municipality as another on another.county_code = one.county_code and another.code <> one.code
        where one.valid_to is null and another.valid_to is null
    )
    group by code, other
),
by_size as (
    select
        waiting.service, waiting.code,
        min({'apart': coalesce(abs(active.inhabitants - waiting.inhabitants), 9223372036854775807), 'code': active.code, 'tie': neighbour.tie}) as found
    from waiting
    anti join peer on peer.service = waiting.service and peer.code = waiting.code
    join neighbour on neighbour.code = waiting.code
    join active on active.service = waiting.service and active.code = neighbour.other
    group by waiting.service, waiting.code
),
nearest as (
    select
        found.service, found.code, found.nearest, active.municipality, active.synthetic,
        found.place = 0 as is_peer,
        case when found.place = 0 and alike then 'lik i størrelse og innbyggere innen 50 km'
             when found.place = 0 then 'ligner mest i størrelse og innbyggere innen 50 km'
             when found.place = 3 then 'samme fylke'
             else concat('samme nettverk (', found.name, ')') end as reason,
        case when found.place = 0 and alike then 'som er omtrent like stor'
             when found.place = 0 then 'som er mest lik'
             when found.place = 3 then 'i samme fylke'
             else concat('i samme nettverk (', found.name, ')') end as nb,
        case when found.place = 0 and alike then 'similar in size'
             when found.place = 0 then 'the most similar'
             when found.place = 3 then 'in the same county'
             else concat('in the same network (', found.name, ')') end as en
    from (
        select service, code, nearest, 0 as place, '' as name from peer
        union all
        select service, code, found.code, found.tie.place, found.tie.name from by_size
    ) as found
    join active on active.service = found.service and active.code = found.nearest
    -- one may be among the ten most similar and still be half as large again: it is called similar in size only when it is
    join (
        select waiting.service, waiting.code, other.code as nearest, coalesce(abs(other.inhabitants - waiting.inhabitants) * 4 <= waiting.inhabitants, false) as alike
        from waiting
        join active as other using (service)
    ) as sized on sized.service = found.service and sized.code = found.code and sized.nearest = found.nearest
),

-- whom to ask, and what is new ----------------------------------------------------------------------------------------
networks as (
    select code, string_agg(name, ', ' order by name) as names
    from (select distinct code, name from networked where not is_part)
    group by code
),
-- addresses for the service go before those for any; of those, an older code's stand in where the code of now has none
way as (
    select from_code, min(to_code) as code from municipality_to_now group by from_code having count(distinct to_code) = 1
),
asked as (
    select
        waiting.service, waiting.code, contact.function, contact.address, coalesce(contact.synthetic, false) as synthetic,
        rank() over (
            partition by waiting.service, waiting.code
            order by contact.service is null, way.from_code <> way.code
        ) as place
    from waiting
    join way on way.code = waiting.code
    join contact on contact.municipality_code = way.from_code and (contact.service is null or contact.service = waiting.service)
),
asking as (
    select service, code, string_agg(said, ', ' order by said) as contact, bool_or(synthetic) as synthetic
    from (
        select service, code, concat(function, ': ', address) as said, bool_or(synthetic) as synthetic
        from asked
        where place = 1
        group by all
    )
    group by service, code
),
news as (
    select
        service, municipality_code as code, cast(timezone('Europe/Oslo', occurred_at) as date) as day,
        list_position(['ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED', 'SUSPENDED', 'RESUMED', 'TERMINATED'], step) as place,
        synthetic
    from step_event
    where occurred_precision = 'EXACT' and month >= date_trunc('month', $today::date - 7)
    union all
    select service, code, followed_up_on, if(status = 'KONTAKTET', 7, 8), false
    from followed
    where status not in ({{declined}})
),
change as (
    select
        service, code, bool_or(synthetic) as synthetic,
        string_agg(said, '; ' order by day, place) as said, string_agg(said_en, '; ' order by day, place) as said_en
    from (
        select
            service, code, day, place, bool_or(synthetic) as synthetic,
            concat(
                ['Vedlegg signert', 'Satt opp', 'Aktivert', 'Satt på pause', 'Gjenopptatt', 'Sagt opp', 'Kontaktet', 'Planlagt'][place],
                strftime(day, ' %d.%m.%Y')
            ) as said,
            concat(
                ['Annex signed', 'Configured', 'Activated', 'Suspended', 'Resumed', 'Terminated', 'Contacted', 'Planned'][place],
                strftime(day, ' %-d %B %Y')
            ) as said_en
        from news
        where place is not null and day > $today::date - 7 and day <= $today::date
        group by service, code, day, place
    )
    group by service, code
),

-- together ----------------------------------------------------------------------------------------------------------
listed as (
    select
        waiting.*,
        -- who has activated waits from its last use, and who has left waits for nothing
        case when waiting.step not in ('ACTIVATED', 'TERMINATED', 'NOT_LISTED', 'NONE') and since.exact
             then greatest(date_diff('month', since.month, waiting.month), 0) end as months_waiting,
        concat(if(since.exact, ' i ', ' senest i '), words.nb[month(since.month)], ' ', year(since.month)) as taken_nb,
        concat(if(since.exact, ' in ', ' by '), words.en[month(since.month)], ' ', year(since.month)) as taken_en,
        since.month is not null as taken_known,
        waiting.active_basis = 'USE' as of_use,
        supplied.system, supplied.supplier, supplied.carries,
        coalesce(supplied.ready, 'UNKNOWN') as ready,
        case when supplied.system is null then 'Ingen kjent tilkobling siste tolv måneder.'
             else concat(
                'Sett med ', supplied.system, ' her i ', words.nb[month(seen_month)], ' ', year(seen_month), '; ',
                said_before, case when said_count then if(carries = 1, 'én annen', concat(carries, ' andre')) end, said_after, '.'
             ) end as evidence,
        case when supplied.system is null then 'No known connection in the last twelve months.'
             else concat(
                'Seen with ', supplied.system, ' here in ', words.en[month(seen_month)], ' ', year(seen_month), '; ',
                said_before_en, case when said_count then if(carries = 1, 'one other', concat(carries, ' others')) end, said_after_en, '.'
             ) end as evidence_en,
        case when supplied.enough then concat(system, ' leverer til ', carries, ' andre')
             when supplied.ready = 'YES' then concat(system, ' støtter tjenesten')
             when supplied.ready = 'NO' then concat(system, ' støtter tjenesten først fra ', day(supplied.since), '. ', words.nb[month(supplied.since)], ' ', year(supplied.since))
        end as supplier_nb,
        case when supplied.enough then concat(system, ' delivers to ', carries, ' others')
             when supplied.ready = 'YES' then concat(system, ' supports the service')
             when supplied.ready = 'NO' then concat(system, ' supports the service only from ', day(supplied.since), ' ', words.en[month(supplied.since)], ' ', year(supplied.since))
        end as supplier_en,
        nearest.nearest, coalesce(nearest.is_peer, false) as is_peer, nearest.municipality as nearest_municipality, nearest.reason as nearest_reason,
        nearest.nb as similar_nb, nearest.en as similar_en,
        networks.names as network, county.name as county,
        asking.contact,
        change.said as change_since_last_week,
        change.said_en as change_since_last_week_en,
        waiting.synthetic or coalesce(supplied.synthetic, false) or coalesce(nearest.synthetic, false)
            or coalesce(asking.synthetic, false) or coalesce(change.synthetic, false) as any_synthetic
    from waiting
    cross join words
    left join since on since.service = waiting.service and since.code = waiting.code
    left join supplied on supplied.service = waiting.service and supplied.code = waiting.code
    left join nearest on nearest.service = waiting.service and nearest.code = waiting.code
    left join networks on networks.code = waiting.code
    left join county on county.code = waiting.county_code and county.valid_to is null
    left join asking on asking.service = waiting.service and asking.code = waiting.code
    left join change on change.service = waiting.service and change.code = waiting.code
),
-- where only events tell, nothing is said of use
worded as (
    select
        coalesce(taken_known, false) as dated,
        * replace (if(taken_known, taken_nb, '') as taken_nb, if(taken_known, taken_en, '') as taken_en),
        concat(nearest_municipality, ', ', similar_nb, if(of_use, ', er i gang', ', er aktivert')) as nearest_nb,
        concat(nearest_municipality, ', ', similar_en, if(of_use, ', is using it', ', is activated')) as nearest_en
    from listed
)
select
    service,
    code as municipality_code,
    municipality,
    county,
    network,
    month,
    active_month,
    case when ready = 'NO' then 4 -- it cannot begin before its supplier has: the supplier is called
         when step in ('ANNEX_SIGNED', 'CONFIGURED', 'ACTIVATED') then 1
         when ready = 'YES' and is_peer then 2
         when ready = 'YES' then 3
         else 4 end as priority,
    concat(
        concat_ws('; ',
            concat(municipality, case step
                when 'NONE' then concat(' har ikke begynt med ', product)
                -- the past tense with a time, the perfect without one
                when 'TERMINATED' then concat(if(dated, ' sa opp ', ' har sagt opp '), product, taken_nb)
                when 'NOT_LISTED' then concat(' står ikke på den siste listen over ', product, ', og vi vet ikke om tjenesten fortsatt er aktivert')
                when 'SUSPENDED' then concat(if(dated, ' satte ', ' har satt '), product, ' på pause', taken_nb)
                when 'ACTIVATED' then concat(
                    if(dated, ' aktiverte ', ' har aktivert '), product, taken_nb, if(dated, ', men har ikke brukt', ', men ikke brukt'), ' tjenesten de siste 90 dagene'
                )
                when 'CONFIGURED' then concat(
                    if(dated, ' satte opp ', ' har satt opp '), product, taken_nb,
                    case when not of_use then ', men er ikke aktivert' when dated then ', men har ikke tatt tjenesten i bruk' else ', men ikke tatt tjenesten i bruk' end
                )
                when 'ANNEX_SIGNED' then if(
                    of_use,
                    concat(if(dated, ' signerte vedlegget', ' har signert vedlegget'), taken_nb, if(dated, ', men har ikke tatt ', ', men ikke tatt '), product, ' i bruk'),
                    concat(if(dated, ' signerte vedlegget for ', ' har signert vedlegget for '), product, taken_nb, ', men er ikke aktivert')
                )
            end),
            supplier_nb,
            if(nearest is null, null, nearest_nb)
        ),
        '.'
    ) as sentence,
    concat(
        concat_ws('; ',
            concat(municipality, case step
                when 'NONE' then concat(' has not begun with ', product)
                when 'TERMINATED' then concat(' terminated ', product, taken_en)
                when 'NOT_LISTED' then concat(' is not on the latest list of ', product, ', and we do not know whether it is still active')
                when 'SUSPENDED' then concat(' suspended ', product, taken_en)
                when 'ACTIVATED' then concat(' activated ', product, taken_en, ' but has not used it in the last 90 days')
                when 'CONFIGURED' then concat(' configured ', product, taken_en, if(of_use, ' but has not taken it into use', ' but is not activated'))
                when 'ANNEX_SIGNED' then if(
                    of_use,
                    concat(' signed the annex', taken_en, ' but has not taken ', product, ' into use'),
                    concat(' signed the annex for ', product, taken_en, ' but is not activated')
                )
            end),
            supplier_en,
            if(nearest is null, null, nearest_en)
        ),
        '.'
    ) as sentence_en,
    step,
    months_waiting,
    inhabitants,
    ready as supplier_ready,
    supplier,
    system as source_system,
    carries as supplier_carries,
    evidence as supplier_evidence,
    evidence_en as supplier_evidence_en,
    nearest,
    nearest_municipality,
    nearest_reason,
    contact,
    change_since_last_week,
    change_since_last_week_en,
    follow_up,
    followed_up_on,
    follow_up_note,
    any_synthetic as synthetic
from worded
