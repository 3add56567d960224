-- Municipalities whose connections, systems and suppliers a visitor may see, where not those of all ($seen_all): of the
-- organisation it acts for, and members of its networks. A part of other questions; one row per code.
select code as municipality_code
from reference.municipality
where $seen_all
union
select municipality_code
from reference.network_member
where list_contains($seen_networks, network_id) and valid_to is null
union
select municipality_code
from reference.municipality_of
where organisation_number = $seen_organisation and valid_to is null
