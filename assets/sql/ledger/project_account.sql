-- one row per project and month from its decision or first entry to the month that is known, payoff left out
-- a project that an entry of the ledger names and the register lacks is there all the same
with booked as (
    -- what the ledger has of each project, in the month that it has it in: a closed month does not move
    select
        project, period as month,
        max(service) as service,
        coalesce(sum(amount_ore) filter (where account = 'LOAN' and category = 'DRAWDOWN'), 0) as drawn_ore,
        coalesce(-sum(amount_ore) filter (where account = 'LOAN' and category = 'REPAYMENT'), 0) as repaid_ore,
        coalesce(-sum(amount_ore) filter (where account = 'LOAN' and category = 'WRITE_OFF'), 0) as written_off_ore,
        coalesce(sum(amount_ore) filter (where account = 'LOAN_EXCESS'), 0) as excess_ore,
        coalesce(sum(amount_ore) filter (where account = 'PROJECT'), 0) as spent_ore,
        bool_or(synthetic) as synthetic
    from entry
    where project is not null
    group by all
),
named as (
    select project, cast(date_trunc('month', decided_on) as date) as month, service, false as synthetic, true as of_register from project
    union all
    select project, month, service, synthetic, false from booked
),
known as (
    select
        project,
        coalesce(min(month), $through) as first_month,
        -- no entry is left out, whatever month it says that it is of
        greatest(coalesce(max(month) filter (where not of_register), $through), $through) as last_month,
        max(service) as service_of_entries,
        bool_or(of_register) as registered
    from named
    group by project
),
spine as (
    select known.project, known.service_of_entries, known.registered, cast(series.month as date) as month
    from known, unnest(generate_series(first_month, last_month, interval 1 month)) as series(month)
),
account as (
    select
        spine.project,
        register.title,
        coalesce(case when register.service not in ({{external}}) then register.service end, spine.service_of_entries) as service,
        register.financing,
        register.phase,
        spine.month,
        register.launch_month,
        coalesce(register.launch_month <= spine.month, false) as launched,
        -- without a day of decision the grant is taken to hold all along
        case when coalesce(cast(date_trunc('month', register.decided_on) as date), spine.month) <= spine.month then register.granted_ore end as granted_ore,
        coalesce(booked.drawn_ore, 0) as drawn_ore,
        coalesce(booked.repaid_ore, 0) as repaid_ore,
        coalesce(booked.written_off_ore, 0) as written_off_ore,
        coalesce(booked.excess_ore, 0) as excess_ore,
        coalesce(booked.spent_ore, 0) as spent_ore,
        spine.registered,
        coalesce(booked.synthetic, false) or coalesce(register.synthetic, false) as synthetic
    from spine
    left join project as register using (project)
    left join booked on booked.project = spine.project and booked.month = spine.month
)
select
    *,
    sum(drawn_ore) over months as drawn_to_date_ore,
    sum(repaid_ore) over months as repaid_to_date_ore,
    sum(written_off_ore) over months as written_off_to_date_ore,
    sum(excess_ore) over months as excess_to_date_ore,
    sum(spent_ore) over months as spent_to_date_ore,
    sum(drawn_ore - repaid_ore - written_off_ore) over months as balance_ore,
    bool_or(synthetic) over months as synthetic_to_date
from account
window months as (partition by project order by month rows unbounded preceding)
