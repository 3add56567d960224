-- question.nb: Hvor langt er nettverkene kommet med hver tjeneste, mot landet og mot seg selv for ett år siden?
-- question.en: How far are the networks with each service, against the country and themselves a year before?

select
    network,
    service,
    month,
    members,
    active,
    waiting,
    share_of_members,
    share_in_country,
    active - active_year_before as change_in_a_year,
    active_basis,
    synthetic
from uptake.network_month
where month < (select date_trunc('month', as_of) from meta.release)
qualify month = max(month) over (partition by service)
order by network, service;
