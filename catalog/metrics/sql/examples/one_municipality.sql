-- question.nb: Hva har kommunen tatt i bruk, og hva gjenstår? Her Bergen; sett ditt eget nummer i asked.
-- question.en: What has the municipality in use, and what is left? Here Bergen; put your own code in asked.

with asked as (select '4601' as code),
stands as (
    select
        status.service,
        max(status.month) as month,
        arg_max(status.step, status.month) as step,
        arg_max(status.active, status.month) as active,
        arg_max(status.active_basis, status.month) as active_basis,
        bool_or(status.synthetic) as synthetic
    from uptake.status_month as status
    join asked on asked.code = status.municipality_code
    group by status.service
)

select
    product.name_nb,
    stands.month,
    stands.step,
    stands.active,
    stands.active_basis,
    left_to_do.sentence,
    coalesce(stands.synthetic, left_to_do.synthetic) as synthetic
from stands
full join
    (
        select listed.* from uptake.not_yet as listed join asked on asked.code = listed.municipality_code
    ) as left_to_do
    on left_to_do.service = stands.service
join reference.product as product on product.service = coalesce(stands.service, left_to_do.service)
order by product.name_nb;
