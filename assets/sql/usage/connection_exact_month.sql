-- Count a month's dispatches by organisation, account, source system, supplier and service.
--
-- Grain: one row per (month, organisation_number, account_id, source_system, supplier_number, service), with the name
-- as sent, stripped of surrounding white space. A name is mapped when the register has exactly that name. Other names
-- are UNMAPPED, never guessed; their supplier is the register's for supplier_number, if any. Sensitive services are
-- left out.
--
-- Rows without a stated system and rows of sensitive systems (`perturbation.system_names`) form one row per
-- organisation and service, NOT_STATED, without account or supplier.
--
-- a month's connections; what is sensitive stands with what states no system
-- who a supplier's number is; of several spellings the first
with supplied as (
    select supplier_number, min(supplier) as supplier
    from source_system
    where supplier_number is not null and supplier is not null
    group by supplier_number
),
sent as (
    select dispatch.*, system_name.name is null or system_name.sensitive as folded, system_name.* exclude (written, sensitive)
    from dispatch
    join system_name on system_name.written is not distinct from dispatch.source_system
)
select
    sent.organisation_number, sent.service,
    if(folded, null, sent.account_id) as account_id,
    if(folded, null, sent.name) as source_system,
    if(folded, null, sent.supplier_number) as supplier_number,
    if(folded, null, sent.system) as system,
    case when folded then null when mapped then sent.supplier else supplied.supplier end as supplier,
    case when folded then 'NOT_STATED' when mapped then 'MAPPED' else 'UNMAPPED' end as mapping,
    sum(sent.dispatches)::bigint as dispatches,
    sum(sent.failed)::bigint as failed,
    max(sent.last_seen) as last_seen,
    bool_or(sent.synthetic) as synthetic
from sent
left join supplied on supplied.supplier_number = sent.supplier_number
group by all
