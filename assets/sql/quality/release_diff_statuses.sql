-- Uptake statuses that differ between two releases. One row per service, municipality of now, customer and month; a side
-- without a row is null.
select
    coalesce(after.month, before.month) as month,
    coalesce(after.service, before.service) as service,
    coalesce(after.municipality_code, before.municipality_code) as municipality_code,
    coalesce(after.organisation_number, before.organisation_number) as organisation_number,
    before.step as step_before,
    before.active as active_before,
    after.step as step_after,
    after.active as active_after,
    coalesce(before.synthetic, false) or coalesce(after.synthetic, false) as synthetic
from status_before as before
full join status_after as after
    on
        after.month = before.month
        and after.service = before.service
        and after.municipality_code is not distinct from before.municipality_code
        and after.organisation_number is not distinct from before.organisation_number
where (before.step, before.active) is distinct from (after.step, after.active)
order by month desc, service, municipality_code, organisation_number
