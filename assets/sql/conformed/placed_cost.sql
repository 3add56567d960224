-- Where each cost belongs: as the entry says; what it lacks follows from account and cost centre in its period.
--
-- Grain: one row per cost entry. Unit: øre without VAT. Service is null where the cost is shared; category and key
-- where unspecified.
--
-- one row per cost entry, with where it belongs. What the entry says itself wins, column by column; what it lacks comes
-- from one row of the register cost_mapping that is valid in its period: that of its account and cost centre, else that
-- of its account alone
with mapping as (
    select
        trim(account) as account,
        coalesce(trim(cost_center), '') as cost_center,
        coalesce(valid_from, '-infinity') as valid_from,
        coalesce(valid_to, 'infinity') as valid_to,
        service,
        cost_category,
        nullif(upper(trim(allocation_key)), '') as allocation_key,
        coalesce(synthetic, false) as synthetic
    from cost_mapping
    -- an empty cost centre and a missing one are the same here, though the register tells them apart
    qualify row_number() over (
        partition by trim(cost_mapping.account), coalesce(trim(cost_mapping.cost_center), ''),
            cost_mapping.valid_from, cost_mapping.valid_to
        order by service, cost_category, upper(trim(cost_mapping.allocation_key)), cost_mapping.synthetic
    ) = 1
),
said as (
    select
        * exclude (allocation_key),
        nullif(upper(trim(allocation_key)), '') as allocation_key,
        coalesce(trim(account), '') as its_account,
        coalesce(trim(cost_center), '') as its_center
    from cost_entry
),
met as (
    select
        said.*,
        case when of_both.account is not null then of_both.service else of_account.service end as mapped_service,
        case when of_both.account is not null then of_both.cost_category else of_account.cost_category end as mapped_category,
        case when of_both.account is not null then of_both.allocation_key else of_account.allocation_key end as mapped_key,
        coalesce(of_both.synthetic, of_account.synthetic, false) as mapping_synthetic
    from said
    left join mapping as of_both
      on of_both.account = its_account and of_both.cost_center = its_center and its_center <> ''
     and of_both.valid_from <= period and period < of_both.valid_to
    left join mapping as of_account
      on of_account.account = its_account and of_account.cost_center = ''
     and of_account.valid_from <= period and period < of_account.valid_to
),
taken as (
    select
        * replace (
            -- an entry that says how it is shared is not given to one service by its account
            case when service is null and allocation_key is null then mapped_service end as mapped_service,
            case when cost_category is null then mapped_category end as mapped_category,
            -- nor is the cost of a service shared
            case when service is null and allocation_key is null and mapped_service is null then mapped_key end as mapped_key
        )
    from met
),
placed as (
    select
        * replace (
            coalesce(service, mapped_service) as service,
            coalesce(cost_category, mapped_category) as cost_category,
            coalesce(allocation_key, mapped_key) as allocation_key
        ),
        mapped_service is not null or mapped_category is not null or mapped_key is not null as by_mapping
    from taken
)
select
    producer, entry_id, period, account, cost_center, service, project, cost_category,
    case when service is null then coalesce(allocation_key, {{default_key}}) else allocation_key end as allocation_key,
    varies_with,
    case
        when by_mapping then 'MAPPING'
        when service is not null or cost_category is not null or allocation_key is not null then 'ENTRY'
        else 'NOBODY'
    end as placed_by,
    amount_ore, first_received_at,
    synthetic or (by_mapping and mapping_synthetic) as synthetic
from placed
