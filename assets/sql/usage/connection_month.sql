-- a month's connections; what tells of child welfare stands with what states no system
with sent as materialized (
    select
        organisation_number, account_id, source_system as written, supplier_number, service,
        sum(dispatches) as dispatches,
        sum(failed) as failed,
        max(last_seen) as last_seen,
        bool_or(synthetic) as synthetic
    from dispatch
    group by all
),
-- white space of any kind around a name is not part of it; its letters alone tell what it holds
names as (
    select written, name, regexp_replace(lower(name), '[^\p{L}]', '', 'g') as letters
    from (
        select written, nullif(regexp_replace(written, '^[\s\x{00A0}]+|[\s\x{00A0}]+$', '', 'g'), '') as name
        from (select distinct written from sent)
    )
),
registered as (
    select
        regexp_replace(source_system, '^[\s\x{00A0}]+|[\s\x{00A0}]+$', '', 'g') as name,
        {'system': system, 'supplier': supplier} as meaning,
        coalesce(bool_or(sensitive) over (partition by coalesce(system, source_system)), false) as sensitive
    from source_system
),
-- names that differ in white space alone are one: what the first of them means, sensitive if any is
known as (
    select
        name, min(meaning) as meaning, bool_or(sensitive) as sensitive,
        regexp_replace(lower(min(meaning).system), '[^\p{L}]', '', 'g') as letters
    from registered
    group by name
),
-- who a supplier's number is; of several spellings the first
supplied as (
    select supplier_number, min(supplier) as supplier
    from source_system
    where supplier_number is not null and supplier is not null
    group by supplier_number
),
sensitive_words as (
    select distinct word
    from (
        select regexp_replace(lower(name), '[^\p{L}]', '', 'g') as word from known where sensitive
        union all
        select letters from known where sensitive
    )
    where length(word) >= 4
),
judged as (
    select
        names.written, names.name, known.meaning.system as system, known.meaning.supplier as supplier,
        known.name is not null as mapped,
        names.name is null
            or coalesce(known.sensitive, false)
            or regexp_matches(names.letters, $child_welfare)
            or coalesce(regexp_matches(known.letters, $child_welfare), false)
            or (known.name is null and exists (select 1 from sensitive_words where contains(names.letters, word)))
            as folded
    from names
    left join known using (name)
),
connection as (
    select
        sent.organisation_number, sent.service, judged.folded,
        if(judged.folded, null, sent.account_id) as account_id,
        if(judged.folded, null, judged.name) as source_system,
        if(judged.folded, null, sent.supplier_number) as supplier_number,
        if(judged.folded, null, judged.system) as system,
        case
            when judged.folded then null
            when judged.mapped then judged.supplier
            else supplied.supplier
        end as supplier,
        if(judged.folded, 'NOT_STATED', if(judged.mapped, 'MAPPED', 'UNMAPPED')) as mapping,
        sum(sent.dispatches)::bigint as dispatches,
        sum(sent.failed)::bigint as failed,
        max(sent.last_seen) as last_seen,
        bool_or(sent.synthetic) as synthetic
    from sent
    join judged on judged.written is not distinct from sent.written
    left join supplied on supplied.supplier_number = sent.supplier_number
    group by all
),
-- beside each row, what is known of the organisation's whole use of the service: `dispatch_month` shows that sum. The
-- order of the rows, by which some cover the folded one, says nothing of their numbers
linked as (
    select
        connection.*,
        remembered.cell is not null as hidden_before,
        max(dispatches) filter (where folded) over whole as folded_dispatches,
        count(*) over whole as connections,
        row_number() over (whole order by not folded, source_system, account_id, supplier_number) as place
    from connection
    left join remembered on remembered.cell = concat(organisation_number, '/', service) and remembered.state = 'HIDDEN'
    window whole as (partition by organisation_number, service)
),
-- a month that still grows hides the folded row and its covers whatever they hold; later all, where it is small
hiding as (
    select
        *,
        case
            when connections = 1 then null
            when not $settled then if(place <= 1 + $covers and folded_dispatches is not null, 'NOT_SETTLED', null)
            when hidden_before or folded_dispatches < $small then 'PROTECTED'
        end as hidden
    from linked
),
-- how far the covers are above one each is how far the folded row may be from what it is; where that is next to
-- nothing, all are counted in one row. One row is the sum that is shown anyway
gathered as (
    select
        *,
        coalesce(
            sum(dispatches - 1) filter (where hidden is not null and (not folded or dispatches >= $small)) over whole < $room
            and count(hidden) over whole > 0,
            false
        ) as together
    from hiding
    window whole as (partition by organisation_number, service)
),
rows_left as (
    select
        organisation_number, service, together,
        if(together, null, account_id) as account_id,
        if(together, null, source_system) as source_system,
        if(together, null, supplier_number) as supplier_number,
        if(together, null, system) as system,
        if(together, null, supplier) as supplier,
        if(together, 'NOT_STATED', mapping) as mapping,
        if(together, null, hidden) as hidden,
        -- the folded row and the one after it, where failed dispatches of the one would be those left of the sum
        not together and connections > 1 and folded_dispatches is not null and place <= 2 as failed_hidden,
        -- days after the last of all other rows hold the folded one's alone, and `dispatch_day` counts them: where the
        -- folded row is hidden, no row says when it was last seen
        not together and connections > 1
            and (folded or (folded_dispatches is not null and (hidden is not null or not $settled))) as last_seen_hidden,
        sum(dispatches)::bigint as dispatches,
        sum(failed)::bigint as failed,
        max(last_seen) as last_seen,
        bool_or(synthetic) as synthetic
    from gathered
    group by all
)
select
    organisation_number, account_id, source_system, supplier_number, service, system, supplier, mapping,
    if(hidden is null, dispatches, null) as dispatches,
    if(hidden is null and not failed_hidden, failed, null) as failed,
    if(last_seen_hidden, null, last_seen) as last_seen,
    hidden as dispatches_hidden,
    synthetic
from rows_left
