-- Whose a municipality's connections are: the organisation numbers that have or had its code, and the networks that it is a member of.
-- One row.
select
    (
        select coalesce(list(distinct place.organisation_number), [])
        from reference.municipality_of as place
        where place.municipality_code = $code
    ) as organisations,
    (
        select coalesce(list(distinct member.network_id), [])
        from reference.network_member as member
        where member.municipality_code = $code and member.valid_to is null
    ) as networks;
