-- no loan is repaid beyond what is drawn of it: else correct the entry, or book the draw-down that is missing
select project, month, excess_to_date_ore
from loan_month
where excess_to_date_ore > 0
qualify month = max(month) over (partition by project)
