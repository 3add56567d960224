-- Municipalities that would be in `not_yet`, but declined or are not concerned.
--
-- Grain: one row per (service, municipality of now). A municipality that uses the service after all is in neither.
select
    standing.service,
    standing.code as municipality_code,
    standing.municipality,
    followed.status as follow_up,
    followed.followed_up_on,
    followed.note as follow_up_note,
    standing.inhabitants,
    standing.synthetic
from standing
join followed on followed.service = standing.service and followed.code = standing.code
where not standing.active and followed.status in ({{declined}})
