-- title.nb: Kommuner som gjenstår
-- title.en: Municipalities left
-- definition.nb: Kommuner i dagens inndeling uten tjenesten i bruk, eller uten å ha aktivert den der bruk ikke måles.
-- definition.en: Municipalities of now without the service in use, or not activated where use is not measured.
-- unit: kommuner
-- dataset: uptake.funnel

select month, service, municipalities - active as municipalities_left, active_basis, synthetic
from uptake.funnel
where area_kind = 'NO';
