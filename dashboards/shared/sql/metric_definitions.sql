-- The numbers that pages show, with their titles and definitions in $language (nb or en). One row per metric.
select
    metric,
    if($language = 'en', title_en, title_nb) as title,
    if($language = 'en', definition_en, definition_nb) as definition
from meta.metric
order by metric;
