-- Events within a window that people have put down for a service and a municipality or a county; with `$code` empty,
-- the country.
-- One row per event. What holds for every service or for the whole country holds here too.
select
    month,
    kind,
    text_nb,
    text_en
from reference.annotation
where
    month between $first and $last
    and coalesce(service, $service) = $service
    and case area_kind
        when 'MUNICIPALITY' then area = $code
        when 'COUNTY' then area = $code or area in (select county_code from reference.municipality where code = $code)
        else true
    end
order by month, kind, text_nb;
