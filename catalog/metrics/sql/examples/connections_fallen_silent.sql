-- question.nb: Hvilke tilknytninger er blitt stille: i bruk for tre måneder siden, men ikke siste hele måned med tall?
-- question.en: Which connections fell silent: in use three months ago, not in the last whole month with numbers?

-- the last whole month that is published
with known as (
    select max(month) as last, (max(month) - interval 3 months)::date as first
    from usage.connection_month
    where month <= (select through_month from meta.release)
)

select
    organisation_number,
    account_id,
    source_system,
    service,
    max(month) as last_month,
    -- the band of the last month, the larger where it was sent through several suppliers
    max_by(dispatches, (month, length(dispatches))) as dispatches,
    bool_or(synthetic) as synthetic
from usage.connection_month
where month >= (select first from known) and account_id is not null
group by all
having max(month) < (select last from known) and min(month) = (select first from known)
order by all;
