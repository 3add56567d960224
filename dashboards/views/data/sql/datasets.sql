-- What the release holds, with its checks. One row per dataset, by name.
with checked as (
    select dataset, count(*) as checks, count(*) filter (where not passed) as failed
    from quality.check_result
    group by dataset
)

select
    held.dataset,
    held.title_nb,
    held.title_en,
    held.about_nb,
    held.about_en,
    held.owner,
    held.audience,
    held.sources,
    held.freshness_hours,
    held.contract_version,
    held.rows,
    coalesce(checked.checks, 0) as checks,
    coalesce(checked.failed, 0) as failed,
    held.content_hash,
    held.synthetic
from meta.dataset as held
left join checked on checked.dataset = held.dataset
order by held.dataset;
