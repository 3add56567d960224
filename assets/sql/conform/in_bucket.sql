-- rows of some keys: every row of a key is in one bucket
select *
from {{rows}}
where hash(producer, {{key}}) % $of = $nth
