-- The columns of a dataset as its contract says; text has no unit and no sum, which is nothing missing. One row per
-- column, in the dataset's order.
select
    column_name,
    if($language = 'en', about_en, about_nb) as description,
    type,
    coalesce(unit, '') as unit,
    is_key,
    may_be_null,
    coalesce(additivity, '') as additivity
from meta.column_definition
where dataset = $dataset
order by position;
