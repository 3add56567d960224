-- title.nb: Andel uten fagsystem
-- title.en: Share with no source system
-- definition.nb: Forsendelser de siste tolv hele månedene som ikke er knyttet til et fagsystem, delt på alle:
--   registeret kjenner ikke navnet, eller fagsystemet er ikke oppgitt eller skjermet. Andelen vises som et intervall,
--   siden antallet per fagsystem er rundet opp til hele femti. Det gjelder bare der færre enn tre virksomheter brukte
--   fagsystemet i måneden. Følsomme tjenester er ikke med.
-- definition.en: Dispatches of the last twelve whole months that are not tied to a source system, over all: the
--   register lacks the name, or the system is not stated, or shielded. The share is a band, since counts by system are
--   rounded up to whole fifties. This holds only where fewer than three organisations used the system in the month.
--   Sensitive services are left out.
-- unit: andel
-- dataset: usage.system_month

with counted as (
    select *, string_split(dispatches_band, '-')::bigint[] as bounds
    from usage.system_month
    where mapping = 'MAPPED' and not perturbed
),

placed as (
    select
        -- counts are rounded up to whole fifties
        coalesce(sum(greatest(dispatches - 49, bounds[1])), 0) as at_least,
        coalesce(sum(coalesce(dispatches, bounds[-1])), 0) as at_most
    from counted
    where
        month <= (select through_month from meta.release)
        and month > (select through_month - interval 12 months from meta.release)
),

sent as (
    select sum(dispatches)::bigint as dispatches, coalesce(bool_or(synthetic), false) as synthetic
    from usage.dispatch_month
    where
        month <= (select through_month from meta.release)
        and month > (select through_month - interval 12 months from meta.release)
)

select
    round(1 - least(at_most, dispatches) / nullif(dispatches, 0), 6)::decimal(18, 6) as share_at_least,
    round(1 - at_least / nullif(dispatches, 0), 6)::decimal(18, 6) as share_at_most,
    dispatches,
    synthetic
from sent, placed;
