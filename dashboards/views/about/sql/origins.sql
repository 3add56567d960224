-- Where reference tables come from. One row per dataset.
select dataset, title_nb, title_en, sources
from meta.dataset
where dataset like 'reference.%' and sources is not null
order by dataset;
