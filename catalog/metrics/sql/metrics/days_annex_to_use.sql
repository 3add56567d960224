-- title.nb: Dager fra vedlegg til bruk
-- title.en: Days from annex to use
-- definition.nb: Median av dagene fra første signerte vedlegg til første dag med bruk, av kommuner som har begge deler.
--   Vises ikke for færre enn tre.
-- definition.en: Median of the days from the first signed annex to the first day of use, of municipalities that have
--   both. Not shown for fewer than three.
-- unit: dager
-- dataset: uptake.funnel

select month, service, median_days_annex_to_use, days_known, synthetic from uptake.funnel where area_kind = 'NO';
