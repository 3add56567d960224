-- title.nb: Ringelisten
-- title.en: The call list
-- definition.nb: Kommuner som kan ta tjenesten i bruk og ikke har gjort det, i siste måned med tall for tjenesten.
--   Prioritet 1: vedlegg eller oppsett uten bruk. 2: leverandøren er klar og en lignende kommune er i gang. 3:
--   leverandøren er klar. 4: resten, og alle der leverandøren ikke er klar ennå. De som har takket nei, telles for seg.
-- definition.en: Municipalities that may take the service into use and have not, in the service's last observed month.
--   Priority 1: annex or configured without use. 2: supplier ready and a similar one active. 3: supplier ready. 4: the
--   rest, and all whose supplier is not ready yet. Those who declined are counted apart.
-- unit: kommuner
-- dataset: uptake.not_yet

select
    service,
    priority,
    count(*) as municipalities,
    sum(inhabitants)::bigint as inhabitants,
    bool_or(synthetic) as synthetic
from uptake.not_yet
group by all;
