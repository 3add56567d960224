-- title.nb: Kunder
-- title.en: Customers
-- definition.nb: Virksomheter av alle slag som har tjenesten i måneden, og kommunene blant dem. Er to måneder fra
--   hver sin kilde, som for Fiks Digisos, er forskjellen mellom dem et anslag.
-- definition.en: Organisations of any kind that have the service in the month, and the municipalities among them.
--   Where two months are of different sources, as of Fiks Digisos, their difference is estimated.
-- unit: virksomheter
-- dataset: uptake.status_month

select
    month,
    service,
    count(*) filter (where active) as customers,
    count(*) filter (where active and customer_kind = 'MUNICIPALITY') as municipalities,
    coalesce(bool_or(estimated) filter (where active), false) as estimated,
    bool_or(synthetic) as synthetic
from uptake.status_month
group by all;
