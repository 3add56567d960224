-- one row per key: how many contents it has at its latest report, and the one to take
with good as (
    select landed.*, hash({{columns}}) as content, {{ordered_by}} as reported
    from landed
    where {{in_month}}
      and {{not_held}}
      and masked_fields is null
      and {{good}}
),
latest as (
    select producer, {{key}}, max(reported) as reported
    from good
    group by all
)
select
    good.producer,
    {{good_key}},
    count(*) as rows,
    count(distinct {{compared}}) filter (where good.reported = latest.reported) as versions,
    arg_max(struct_pack({{taken_whole}}), content) filter (where good.reported = latest.reported) as taken,
    bool_or(synthetic) as synthetic
from good
join latest on good.producer = latest.producer and {{same_key}}
group by good.producer, {{good_key}}
