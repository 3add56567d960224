-- what one would write by hand for a year of state records: latest state, then a count a day and a municipality month.
-- no quarantine with reasons, no accounting, no identity scan, no journal, no checks, no release, no history
-- of two rows of one state and moment the one received later holds, and a repeat is as old as its first copy
create temp table latest as
with good as (
    select
        landed.*, status.outcome, status.rank,
        hash(
            dispatch_id, state, state_at, created_at, service, organisation_number, account_id, source_system, supplier_number, dispatch_type,
            accounting_code, channel, recipient_kind, digital_only, document_count, page_count, sheet_count, byte_count, production_cost_ore, postage_ore
        ) as content,
        (file_index << 32) + file_row_number as received
    from read_parquet($files, file_row_number = true) as landed
    join status using (state)
    where created_at <= state_at and service in (select service from product) and organisation_number in (select number from organisation_ok)
      and not (digital_only and state = 'PRINTET')
      and coalesce(channel in ('SVARINN', 'SDP', 'ALTINN', 'NHN', 'PRINT'), true)
      and created_at >= '2011-12-31 23:00:00+00'
      and coalesce(regexp_full_match(accounting_code, '[a-zA-Z0-9\-\.øæåØÆÅ]{0,20}'), true)
      and coalesce(sheet_count >= 0 and page_count >= 0 and document_count >= 0 and byte_count >= 0, true)
),
once as (
    select
        dispatch_id,
        any_value(struct_pack(created_at, service, organisation_number, channel, outcome, document_count, page_count, byte_count)) as w,
        any_value(sheet_count) as sheet_count,
        any_value(production_cost_ore) as production_cost_ore,
        any_value(postage_ore) as postage_ore,
        (epoch_us(any_value(state_at))::hugeint << 72) + (any_value(rank)::hugeint << 64) + min(received)::hugeint as place,
        any_value(hash(created_at, service, organisation_number, account_id)) as fixed
    from good
    group by dispatch_id, content
)
select
    dispatch_id,
    arg_max(w, place) as w,
    arg_max(sheet_count, place) as sheet_count,
    arg_max(production_cost_ore, place) as production_cost_ore,
    arg_max(postage_ore, place) as postage_ore,
    min(fixed) <> max(fixed) as unstable
from once
group by dispatch_id;

create temp table dispatch_day as
select
    cast(timezone('Europe/Oslo', w.created_at) as date) as day,
    w.organisation_number as organisation_number,
    w.service as service,
    coalesce(w.channel, 'UNKNOWN') as channel,
    w.outcome as outcome,
    count(*) as dispatches,
    coalesce(sum(w.document_count), 0)::bigint as documents,
    coalesce(sum(w.page_count), 0)::bigint as pages,
    coalesce(sum(sheet_count), 0)::bigint as sheets,
    coalesce(sum(w.byte_count), 0)::bigint as bytes,
    coalesce(sum(production_cost_ore), 0)::bigint as production_cost_ore,
    coalesce(sum(postage_ore), 0)::bigint as postage_ore
from latest
where not unstable
group by all;

copy dispatch_day to $day_file (format parquet, compression zstd);

copy (
    select date_trunc('month', day)::date as month, municipality_code, service, channel, sum(dispatches)::bigint as dispatches
    from dispatch_day
    join organisation using (organisation_number)
    where organisation.municipality_code is not null
    group by all
) to $month_file (format parquet, compression zstd);
