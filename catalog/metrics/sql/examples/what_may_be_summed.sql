-- question.nb: Hvilke tall kan jeg summere?
-- question.en: Which numbers may I sum?

select dataset, column_name, unit, additivity, about_nb
from meta.column_definition
where additivity is not null
order by dataset, position;
