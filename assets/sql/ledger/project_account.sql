-- one row per project and month from its decision or first entry to the month that is known, payoff left out
-- a project that an entry names and the register lacks is there all the same
with booked as (
    -- a closed month does not move: what came later is in the month that the ledger has it in
    select source_stream, producer, source_key as entry_id, period
    from entry
    where (source_stream = 'loan_entry' and account = 'LOAN') or (source_stream = 'cost_entry' and account = 'PROJECT')
),
loan as (
    select
        project,
        coalesce(booked.period, cast(date_trunc('month', booked_on) as date)) as month,
        max(service) as service,
        coalesce(sum(amount_ore) filter (where kind = 'DRAWDOWN'), 0) as drawn_ore,
        coalesce(sum(amount_ore) filter (where kind = 'REPAYMENT'), 0) as repaid_ore,
        coalesce(sum(amount_ore) filter (where kind = 'WRITE_OFF'), 0) as written_off_ore,
        bool_or(synthetic) as synthetic
    from loan_entry
    left join booked
      on booked.source_stream = 'loan_entry' and booked.producer = loan_entry.producer and booked.entry_id = loan_entry.entry_id
    group by all
),
cost as (
    select project, coalesce(booked.period, placed_cost.period) as month, max(service) filter (where service not in ({{external}})) as service, sum(amount_ore) as spent_ore, bool_or(synthetic) as synthetic
    from placed_cost
    left join booked
      on booked.source_stream = 'cost_entry' and booked.producer = placed_cost.producer and booked.entry_id = placed_cost.entry_id
    where project is not null and cost_category = 'UTVIKLING'
    group by all
),
named as (
    select project, cast(date_trunc('month', decided_on) as date) as month, service, false as synthetic, true as of_register from project
    union all
    select project, month, service, synthetic, false from loan
    union all
    select project, month, service, synthetic, false from cost
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
        coalesce(loan.drawn_ore, 0) as drawn_ore,
        coalesce(loan.repaid_ore, 0) as repaid_ore,
        coalesce(loan.written_off_ore, 0) as written_off_ore,
        coalesce(cost.spent_ore, 0) as spent_ore,
        min(loan.month) over (partition by spine.project) as first_loan_month,
        spine.registered,
        coalesce(loan.synthetic, false) or coalesce(cost.synthetic, false) or coalesce(register.synthetic, false) as synthetic
    from spine
    left join project as register using (project)
    left join loan on loan.project = spine.project and loan.month = spine.month
    left join cost on cost.project = spine.project and cost.month = spine.month
)
select
    *,
    sum(drawn_ore) over months as drawn_to_date_ore,
    sum(repaid_ore) over months as repaid_to_date_ore,
    sum(written_off_ore) over months as written_off_to_date_ore,
    sum(spent_ore) over months as spent_to_date_ore,
    sum(drawn_ore - repaid_ore - written_off_ore) over months as balance_ore,
    bool_or(synthetic) over months as synthetic_to_date
from account
window months as (partition by project order by month rows unbounded preceding)
