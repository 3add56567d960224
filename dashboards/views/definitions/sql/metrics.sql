-- The numbers that pages show. One row per metric, by title.
select
    metric,
    if($language = 'en', title_en, title_nb) as title,
    if($language = 'en', definition_en, definition_nb) as definition,
    unit,
    dataset,
    sql
from meta.metric
order by title collate no, metric;
