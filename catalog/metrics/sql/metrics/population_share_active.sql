-- title.nb: Andel av innbyggerne
-- title.en: Share of population
-- definition.nb: Innbyggere i kommuner i bruk, delt på alle innbyggere i området, per 1. januar.
-- definition.en: Inhabitants of active municipalities over all inhabitants of the area, on 1 January.
-- unit: andel
-- dataset: uptake.funnel

select month, service, share_of_population, synthetic from uptake.funnel where area_kind = 'NO';
