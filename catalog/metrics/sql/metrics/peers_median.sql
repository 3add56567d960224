-- title.nb: Medianen for lignende kommuner
-- title.en: Median of similar municipalities
-- definition.nb: Den midterste av de andre kommunene i gruppen, av dem som brukte tjenesten i måneden; de som ikke
--   gjorde det, er utelatt, ikke regnet som null. Kommunen selv er ikke med, så medianen for landet varierer litt fra
--   kommune til kommune. Vises ikke for færre enn tre.
-- definition.en: The middle one of the group's other municipalities, of those that used the service in the month; who
--   did not is left out, not taken for zero. The municipality itself is not in it, so the country’s median differs a
--   little between municipalities. Not shown for fewer than three.
-- unit: forsendelser per 1 000 innbyggere
-- dataset: usage.peer_month

select
    month,
    municipality_code,
    service,
    peer_kind,
    peer_group,
    per_1000_inhabitants,
    per_1000_median,
    n,
    members,
    synthetic
from usage.peer_month;
