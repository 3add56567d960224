-- every text of the columns that have a rule of their own, once; the other columns of its row are null
select {{texts}}
from landed
where {{within}}
group by grouping sets ({{sets}})
