-- title.nb: Medianen av annen bruk for lignende kommuner
-- title.en: Median of other use of similar municipalities
-- definition.nb: Den midterste av de andre kommunene i gruppen, av dem som har et tall. De som ingen har meldt, er
--   utelatt, ikke regnet som null. Vises ikke for færre enn tre, og da sies det hvorfor. Kvartilene krever fem.
-- definition.en: The middle one of the group's other municipalities, of those with a figure. Those that nobody reported
--   are left out, not counted as zero. Not shown for fewer than three, and then it is said why. Quartiles take five.
-- unit: målets enhet per 1 000 innbyggere
-- dataset: usage.peer_measure_month

select
    month,
    municipality_code,
    service,
    measure,
    peer_kind,
    peer_group,
    per_1000_inhabitants,
    per_1000_median,
    median_missing,
    n,
    members,
    perturbed,
    synthetic
from usage.peer_measure_month;
