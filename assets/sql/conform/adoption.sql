-- who the step is of: the organisation that was named, or the municipality's own; and where it lies on the borders of now
-- a number that ended counts for its successor; what one that was split did before it was, counts for each part
with organisations as (
    select organisation_number, kind, municipality_code, coalesce(successor_number, organisation_number) as number_now
    from organisation
),
by_code as (
    select municipality_code, organisation_number
    from organisation
    where kind = 'MUNICIPALITY' and municipality_code is not null and valid_to is null
),
became as (
    select organisation_number, valid_from, valid_to, list(municipality_code order by municipality_code) as codes
    from organisation_part
    group by all
),
placed as (
    select
        taken.*,
        cast(date_trunc('month', timezone('Europe/Oslo', taken.occurred_at)) as date) as month,
        case when taken.municipality_code is null then case when organisations.municipality_code is not null then 'ORGANISATION' end
             else resolved.resolution end as resolution,
        case when taken.municipality_code is null and became.codes is not null then became.codes
             when taken.municipality_code is null then
                 case when coalesce(later.municipality_code, organisations.municipality_code) is not null
                      then [coalesce(later.municipality_code, organisations.municipality_code)] end
             else resolved.municipality_codes_now end as municipality_codes_now,
        organisations.number_now,
        organisations.kind
    from taken
    left join resolved
      on resolved.producer = taken.producer
     and resolved.municipality_code = taken.municipality_code
     and resolved.day = cast(timezone('Europe/Oslo', taken.occurred_at) as date)
     and resolved.occurred_precision = taken.occurred_precision
     and resolved.organisation_number is not distinct from taken.organisation_number
    left join organisations on organisations.organisation_number = taken.organisation_number
    left join organisation as later on later.organisation_number = organisations.number_now
    left join became
      on became.organisation_number = taken.organisation_number
     and became.valid_from <= cast(timezone('Europe/Oslo', taken.occurred_at) as date)
     and cast(timezone('Europe/Oslo', taken.occurred_at) as date) < became.valid_to
)
select
    placed.* exclude (number_now, kind),
    -- of several parts each is a customer of its own, but where somebody else is it for all of them
    case when len(placed.municipality_codes_now) > 1 and (placed.organisation_number is null or placed.kind = 'MUNICIPALITY') then null
         else coalesce(placed.number_now, placed.organisation_number, by_code.organisation_number) end as customer,
    case
        when placed.kind is not null then placed.kind
        when placed.municipality_codes_now is not null then 'MUNICIPALITY'
        else 'OTHER'
    end as customer_kind
from placed
left join by_code
  on placed.organisation_number is null
 and len(placed.municipality_codes_now) = 1
 and by_code.municipality_code = placed.municipality_codes_now[1]
