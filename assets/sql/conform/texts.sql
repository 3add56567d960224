-- every text of the columns that have a rule of their own, once; the other columns of its row are null
select {{texts}}
from landed
where created_at >= $month_from and created_at < $month_to
group by grouping sets ({{sets}})
