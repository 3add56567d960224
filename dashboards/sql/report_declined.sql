-- How many of a network's members said no to a service, or are not relevant for it. One row per answer.
select follow_up, count(*) as rows_declined, bool_or(synthetic) as synthetic
from uptake.declined
where municipality_code in (
    select municipality_code
    from reference.network_member
    where network_id = $network and valid_to is null
)
group by follow_up
order by follow_up;
