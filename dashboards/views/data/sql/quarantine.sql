-- Why rows were set aside. A row that broke several rules counts under each. One row per stream and rule, most first.
select
    says,
    stream,
    rule,
    sum(rows)::bigint as rows,
    min(month) as first_month,
    max(month) as last_month,
    list(distinct producer order by producer) as producers
from quality.quarantine_summary
where $stream is null or stream = $stream
group by says, stream, rule
order by rows desc, stream, rule;
