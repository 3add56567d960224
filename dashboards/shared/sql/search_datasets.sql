-- The datasets with their titles, in $language (nb or en). One row per dataset.
select
    dataset,
    if($language = 'en', title_en, title_nb) as title
from meta.dataset
order by dataset;
