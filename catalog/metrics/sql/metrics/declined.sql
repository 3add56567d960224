-- title.nb: Takket nei eller ikke aktuelt
-- title.en: Declined or not relevant
-- definition.nb: Kommuner som har takket nei, eller som tjenesten ikke er aktuell for. De er ute av ringelisten.
-- definition.en: Municipalities that declined, or that the service is not relevant to. They are off the call list.
-- unit: kommuner
-- dataset: uptake.declined

select service, follow_up, count(*) as municipalities, bool_or(synthetic) as synthetic
from uptake.declined
group by all;
