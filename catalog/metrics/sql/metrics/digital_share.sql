-- title.nb: Digital andel
-- title.en: Digital share
-- definition.nb: Andel av leverte forsendelser som ikke gikk til print. Foreløpig til sju virkedager etter måneden.
-- definition.en: Share of delivered dispatches that did not go to print. Provisional until seven working days after the
--   month.
-- unit: andel
-- dataset: usage.municipality_month

select
    month,
    municipality_code,
    service,
    any_value(digital_share) as digital_share,
    bool_or(digital_share_provisional) as provisional,
    bool_or(estimated) as estimated,
    bool_or(synthetic) as synthetic
from usage.municipality_month_now
group by all;
