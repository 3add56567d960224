-- title.nb: Tilknytninger
-- title.en: Connections
-- definition.nb: Konto og fagsystem som en virksomhet sendte gjennom i måneden. Følsomme tjenester er ikke med, og
--   heller ikke under ti forsendelser uten oppgitt fagsystem.
-- definition.en: Account and source system that an organisation sent through in the month. Sensitive services are left
--   out, and so are fewer than ten dispatches with no source system stated.
-- unit: tilknytninger
-- dataset: usage.connection_month

select
    month,
    service,
    count(*) as connections,
    count(distinct organisation_number) as organisations,
    bool_or(synthetic) as synthetic
from usage.connection_month
where dispatches <> '0-9'
group by all;
