-- the municipalities of now whose rows differ between two versions of a table
with changed as (
    (select {{columns}} from table_before except all select {{columns}} from table_after)
    union all
    (select {{columns}} from table_after except all select {{columns}} from table_before)
)
select distinct municipality.code as municipality_code, municipality.name
from changed
{{place}}
where municipality.valid_to is null
order by all
