-- title.nb: Forsendelser
-- title.en: Dispatches
-- definition.nb: Antall forsendelser etter dagen de ble opprettet (norsk tid), uansett utfall. Følsomme tjenester er
--   ikke med; de telles for seg.
-- definition.en: Dispatches by the day they were created (Europe/Oslo), whatever their outcome. Sensitive services are
--   not among them; they are counted by themselves.
-- unit: forsendelser
-- dataset: usage.dispatch_day

select month, service, sum(dispatches)::bigint as dispatches, bool_or(synthetic) as synthetic
from usage.dispatch_day
group by all;
