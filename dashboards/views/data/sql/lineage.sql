-- What a dataset is made of, and what is made of it. One row per neighbour: what it is made of first.
select false as made_from_it, kind, made_of as neighbour
from meta.lineage
where dataset = $dataset
union all
select true, 'DATASET', dataset
from meta.lineage
where kind = 'DATASET' and made_of = $dataset
order by made_from_it, kind, neighbour;
