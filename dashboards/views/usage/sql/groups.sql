-- The groups that a municipality is compared with, the most alike first; a network that is part of another last.
-- One row per group. Members: others of the group.
select
    peer.peer_kind,
    peer.peer_group,
    coalesce(county.name, network.name) as name,
    peer.members
from (
    select peer_kind, peer_group, max(members) as members
    from usage.peer_month
    where municipality_code = $code and month = $month
    group by peer_kind, peer_group
) as peer
left join reference.county as county
    on peer.peer_kind = 'COUNTY' and county.code = peer.peer_group and county.valid_to is null
left join reference.network as network on peer.peer_kind = 'NETWORK' and network.network_id = peer.peer_group
where peer.members > 0
order by
    list_position(['SIMILAR', 'COUNTY', 'NETWORK', 'COUNTRY'], peer.peer_kind),
    network.part_of is not null,
    peer.peer_group;
