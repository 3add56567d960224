-- Mergers and splits within a window that made a municipality; with `$code` empty, those of the country.
-- One row per month, with how many municipalities were changed, from which to which, and the name of the one asked for.
select
    cast(date_trunc('month', change.change_date) as date) as month,
    count(distinct change.from_code) as n,
    any_value(made.name) filter (where change.to_code = $code) as name,
    list(distinct before.name order by before.name) as parts,
    list(distinct made.name order by made.name) as became
from reference.municipality_change as change
inner join reference.municipality as before
    on before.code = change.from_code and before.valid_to = change.change_date
inner join reference.municipality as made
    on made.code = change.to_code and made.valid_from = change.change_date
where change.kind <> 'recode' and change.change_date between $first and $last
    and ($code = '' or change.from_code in (select from_code from reference.municipality_change where to_code = $code))
group by all
order by month;
