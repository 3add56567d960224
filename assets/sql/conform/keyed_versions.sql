-- one row per key: how many contents it has at its latest report, and the one to take
-- where a decision names the batch that is right, only that batch's version counts
-- of its rows, those that were there before: where a stream is gone on with
-- a stream whose reports have no order has no latest: all of a key's rows are compared
with good as (
    select
        landed.*,
        hash({{columns}}) as content,
        {{ordered_by}} as reported,
        decision.batch_id is not null and decision.batch_id = replace(parse_filename(filename, true), '%2e', '.') as chosen
    from landed
    left join decision
      on decision.producer = landed.producer and decision.record_key = {{record_key}}
    where {{in_month}}
      and {{not_held}}
      and masked_fields is null
      and {{good}}
),
settled as (
    select distinct producer, {{key}} from good where chosen
),
judged as (
    select good.*, chosen or settled.producer is null as counts
    from good
    left join settled on {{good_is_settled}}
),
latest as (
    select producer, {{key}}, max(reported) filter (where counts) as reported
    from judged
    group by all
)
select
    judged.producer,
    {{good_key}},
    count(*) as rows,
    count(*) filter (where {{was_there}}) as rows_before,
    count(distinct {{compared}}) filter (where {{of_latest}}) as versions,
    -- equal in what is compared: of the rest what was received later holds
    arg_max(struct_pack({{taken_whole}}), (journal_number << 32) + file_row_number) filter (where {{of_latest}}) as taken,
    min(received_at) as first_received_at,
    bool_or(synthetic) as synthetic
from judged
{{with_latest}}
group by judged.producer, {{good_key}}
