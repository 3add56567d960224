-- title.nb: Andel uten kjent fagsystem
-- title.en: Share without a known source system
-- definition.nb: Forsendelser de siste tolv hele månedene med et fagsystemnavn som registeret ikke kjenner, delt på
--   alle. Hvert navn er rundet opp til hele femti, så andelen er heller for høy enn for lav. De uten oppgitt navn er
--   bare med i nevneren. «Andel uten fagsystem» har dem i telleren også.
-- definition.en: Dispatches of the last twelve whole months with a source system name that the register lacks, over
--   all. Each name is rounded up to whole fifties, so the share is too high rather than too low. Those that state no
--   name are in the denominator only. “Share with no source system” has them in the numerator too.
-- unit: andel
-- dataset: quality.unmapped_system

select
    least(coalesce(sum(share), 0), 1) as share,
    coalesce(sum(dispatches), 0)::bigint as dispatches,
    count(*) as names,
    coalesce(bool_or(synthetic), false) as synthetic
from quality.unmapped_system;
