-- title.nb: Andel av innbyggerne
-- title.en: Share of population
-- definition.nb: Innbyggere i kommuner i bruk, delt på alle innbyggere i området, per 1. januar. Er to måneder fra hver
--   sin kilde, som for Fiks Digisos, er forskjellen mellom dem et anslag.
-- definition.en: Inhabitants of active municipalities over all inhabitants of the area, on 1 January. Where two months
--   are of different sources, as of Fiks Digisos, their difference is estimated.
-- unit: andel
-- dataset: uptake.funnel

select month, service, share_of_population, synthetic from uptake.funnel where area_kind = 'NO';
