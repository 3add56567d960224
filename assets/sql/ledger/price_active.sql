-- active municipalities of the country
select service, month, active, synthetic from funnel where area_kind = 'NO'
