-- Entries in the period in which each is booked, and the rows that keep closed months unchanged.
--
-- An entry that came after its month was closed is booked in the first later month that was not closed when it came.
-- Any other change in a closed month (a withdrawn batch, a new mapping or allocation, a conflict) is reversed there,
-- and booked in the first open month after it.
--
-- Grain: one row per booked entry, where sums of payers that cover the same months and are booked in the same one are
-- one; and one row per month, original month, service, project, account and category that is reversed or carried
-- forward (source `period`). Unit: øre without VAT. Closed months sum to the register `closed_amount`. Over all
-- periods the rows sum to the booked entries, also per original month, service, project, account and category. A
-- quarter closed before amounts named projects is kept by product, and for projects only in total.
with closing as materialized (
    select begun, (begun + interval 2 month)::date as last_month, counted_until
    from (
        select make_date(left(quarter, 4)::integer, 3 * right(quarter, 1)::integer - 2, 1) as begun, counted_until
        from closed_quarter
        where status = 'CLOSED' and regexp_full_match(quarter, '[0-9]{4}-Q[1-4]')
    )
),
-- a closing shuts every month up to its end that none before it shut, so that no quarter in which nothing had happened
-- lies open behind it
closed_month as materialized (
    select month::date as month, counted_until
    from (
        select unnest(generate_series(
            least(min(begun), (select min(period) from booked_entry)), max(last_month), interval 1 month
        )) as month
        from closing
    )
    join closing on closing.last_month >= month
    qualify row_number() over (partition by month order by last_month) = 1
),
open_month as materialized (
    select (max(last_month) + interval 1 month)::date as month from closing
),
-- where an entry may go that is kept out of its own month: one that was not closed when the entry came, or the open one
later_month as (
    select month, counted_until, false as is_open from closed_month
    union all
    select month, null, true from open_month
),
late as materialized (
    select came.period, came.first_received_at, min(later_month.month) as booked_in
    from (select distinct period, first_received_at from booked_entry) as came
    join closed_month on closed_month.month = came.period and came.first_received_at > closed_month.counted_until
    join later_month
        on later_month.month > came.period
       and (later_month.is_open or came.first_received_at <= later_month.counted_until)
    group by all
),
-- read twice, which takes less than to hold every entry for the few that are of closed months
placed as not materialized (
    select
        source_stream, producer, source_key, organisation_number, service, project,
        coalesce(late.booked_in, booked_entry.period) as period,
        booked_entry.period as original_period,
        account, category, amount_ore, synthetic
    from booked_entry
    left join late on late.period = booked_entry.period and late.first_received_at = booked_entry.first_received_at
),
-- quarters that were closed when amounts named no project: what they hold of projects is their sum
of_no_project as materialized (
    select quarter
    from closed_amount
    where account = 'PROJECT' or (account = 'LOAN' and category in ('DRAWDOWN', 'REPAYMENT', 'WRITE_OFF'))
    group by quarter
    having count(project) = 0
),
-- quarters that were closed when all that a loan has was booked without a minus, and no fee beside its repayment
of_one_sign as materialized (
    select quarter from closed_amount group by quarter having not coalesce(bool_or(signed), false)
),
-- amounts of closed quarters in today's accounts and signs: joining fees that repay were once in LOAN
closed_cell as materialized (
    select
        quarter, period, original_period, service, project, category, synthetic,
        if(is_fee, 'JOINING_FEE_RECEIVABLE', account) as account,
        case
            when is_fee and not is_one_sign then -amount_ore
            when account = 'LOAN' and not is_fee and category <> 'DRAWDOWN' and is_one_sign then -amount_ore
            else amount_ore
        end as amount_ore
    from (
        select
            *,
            coalesce(account = 'LOAN' and category not in ('DRAWDOWN', 'REPAYMENT', 'WRITE_OFF'), false) as is_fee,
            quarter in (select quarter from of_one_sign) as is_one_sign
        from closed_amount
    )
),
-- what a closed month lacks to be what it was closed at. The original month is part of it, so that what was booked
-- forward into a quarter is known as such when that is closed in its turn
lacking as materialized (
    select
        period, original_period, service, project, account, category,
        sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from (
        select
            period, original_period, service, project, account, category, amount_ore,
            coalesce(synthetic, false) as synthetic
        from closed_cell
        where quarter in (select quarter from closed_quarter where status = 'CLOSED')
        union all by name
        select
            period, original_period, service,
            case when year(period) || '-Q' || quarter(period) not in (select quarter from of_no_project) then project end as project,
            account, category, -amount_ore as amount_ore, synthetic
        from placed
        where period in (select month from closed_month)
          and not (
              category is not distinct from 'REPAID_BY_FEE'
              and year(period) || '-Q' || quarter(period) in (select quarter from of_one_sign)
          )
    )
    group by all
    having sum(amount_ore) <> 0
),
held as (
    select * from lacking
    union all by name
    select
        open_month.month as period,
        original_period, service, project, account, category, -sum(amount_ore) as amount_ore, bool_or(synthetic) as synthetic
    from lacking
    cross join open_month
    group by all
    having sum(amount_ore) <> 0
)
select *, period as month
from placed
where source_stream <> 'invoice_line' or organisation_number is not null
union all by name
-- sums of payers that are of the same months and booked in the same one are one row: when each was complete is not told
select
    source_stream,
    producer,
    source_key || if(period > original_period, strftime(period, '/%Y-%m'), '') as source_key,
    organisation_number, service, project, period, original_period, account, category,
    sum(amount_ore)::bigint as amount_ore,
    bool_or(synthetic) as synthetic,
    period as month
from placed
where source_stream = 'invoice_line' and organisation_number is null
group by all
union all by name
select
    'period' as source_stream,
    '{{by_us}}' as producer,
    year(original_period) || '-Q' || quarter(original_period)
        || strftime(original_period, '/%Y-%m') || strftime(period, '/%Y-%m') || '/' || coalesce(category, '-') || coalesce('/' || project, '') as source_key,
    null as organisation_number,
    service, project, period, original_period, account, category, amount_ore, synthetic, period as month
from held
