-- title.nb: Endret siden forrige utgave
-- title.en: Changed since the previous release
-- definition.nb: Bruk som er kommet til eller falt fra siden forrige utgave, etter mål og årsak. Ikke summer ulike mål.
-- definition.en: Use added or gone since the previous release, by measure and reason. Do not sum different measures.
-- unit: målets enhet
-- dataset: quality.release_diff

select month, measure, reason, sum(difference) as difference, bool_or(synthetic) as synthetic
from quality.release_diff
group by all;
