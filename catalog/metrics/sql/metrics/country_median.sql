-- title.nb: Medianen for landet
-- title.en: Median of the country
-- definition.nb: Den midterste av kommunene utenom Oslo som brukte tjenesten i måneden. Halvparten av dem ligger mellom
--   kvartilene.
-- definition.en: The middle one of the municipalities except Oslo that used the service in the month. Half of them lie
--   between the quartiles.
-- unit: forsendelser per 1 000 innbyggere
-- dataset: usage.peer_month

select month, service, per_1000_median, per_1000_q1, per_1000_q3, n, members, synthetic
from usage.peer_month
where peer_kind = 'COUNTRY' and municipality_code = '0301';
