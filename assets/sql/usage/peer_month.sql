-- Each municipality's month against the median and quartiles of others, on the borders of now.
--
-- Grain: one row per (month, municipality_code, service, peer_kind, peer_group), for every municipality of now and
-- every service that any of them used in the month. A municipality is not a member of its own group. It has a row for
-- each network it is in on the first of the month, and for a group without other members.
--
-- Units: dispatches per 1 000 inhabitants over all channels, and the digital share of delivered ones. Quartiles are
-- taken by nearest rank of the rounded figures, so each is one of them.
--
-- Nulls: own figures where it did not use the service, quartiles with fewer than five figures, and the median with
-- fewer than three. A municipality that did not use the service is a gap, counted in `members` but not in `n`, never
-- as zero. Sensitive services are not in `municipality_month`, and so not here.
with used as (
    select service, bool_or(synthetic) as synthetic from told group by service
)
select
    $month as month,
    sent.code as municipality_code,
    sent.service,
    sent.peer_kind,
    sent.peer_group,
    own.figure as per_1000_inhabitants,
    own_share.figure as digital_share,
    sent.members,
    -- who has no row of the service in the month is a gap: among the members, not among the figures
    sent.n,
    round(sent.q1, 4) as per_1000_q1,
    round(sent.median, 4) as per_1000_median,
    round(sent.q3, 4) as per_1000_q3,
    share.n as n_share,
    round(share.q1, 6) as digital_share_q1,
    round(share.median, 6) as digital_share_median,
    round(share.q3, 6) as digital_share_q3,
    -- where nobody has a figure, what is known of the service that month is what the row rests on
    case when own.code is null and sent.synthetic is null then used.synthetic
         else coalesce(own.synthetic, false) or coalesce(sent.synthetic, false) end as synthetic
from spread as sent
join spread as share
  on share.code = sent.code and share.service = sent.service and share.measure = 'digital_share'
 and share.peer_kind = sent.peer_kind and share.peer_group = sent.peer_group
join used on used.service = sent.service
left join told as own on own.service = sent.service and own.measure = sent.measure and own.code = sent.code
left join told as own_share
  on own_share.service = sent.service and own_share.measure = 'digital_share' and own_share.code = sent.code
where sent.measure = 'forsendelser'
