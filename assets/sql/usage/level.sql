-- the measures that are levels
select measure from measure where kind = 'STOCK' order by measure
