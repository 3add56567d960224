-- question.nb: Dekker hver tjeneste kostnaden sin i år?
-- question.en: Does each service cover its cost this year?

select service, sum(income_ore)::bigint * 0.01 as income_kr, sum(result_ore)::bigint * 0.01 as result_kr
from ledger.product_month
where year(month) = (select year(max(month)) from ledger.product_month)
group by all
order by result_kr;
