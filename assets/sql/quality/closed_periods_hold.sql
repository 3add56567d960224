-- a closed month is what it was closed at, to the øre; what holds it still adds nothing to the ledger
with closed as (
    select quarter from closed_quarter where status = 'CLOSED'
),
-- as entry.sql has it: closed when amounts named no project
of_no_project as (
    select quarter
    from closed_amount
    where account = 'PROJECT' or (account = 'LOAN' and category in ('DRAWDOWN', 'REPAYMENT', 'WRITE_OFF'))
    group by quarter
    having count(project) = 0
),
-- and when all that a loan has was booked without a minus
of_one_sign as (
    select quarter from closed_amount group by quarter having not coalesce(bool_or(signed), false)
),
-- in today's accounts and signs: joining fees that repay were once in LOAN
closed_cell as (
    select
        period, original_period, service, project, category,
        if(is_fee, 'JOINING_FEE_RECEIVABLE', account) as account,
        case
            when is_fee and not is_one_sign then -amount_ore
            when account = 'LOAN' and not is_fee and category <> 'DRAWDOWN' and is_one_sign then -amount_ore
            else amount_ore
        end as closed_ore
    from (
        select
            *,
            coalesce(account = 'LOAN' and category not in ('DRAWDOWN', 'REPAYMENT', 'WRITE_OFF'), false) as is_fee,
            quarter in (select quarter from of_one_sign) as is_one_sign
        from closed_amount
    )
    where quarter in (select quarter from closed)
),
cell as (
    select period, original_period, service, project, account, category, closed_ore, 0 as booked_ore
    from closed_cell
    union all
    select
        period, original_period, service,
        case when year(period) || '-Q' || quarter(period) not in (select quarter from of_no_project) then project end,
        account, category, 0, amount_ore
    from entry
    where year(period) || '-Q' || quarter(period) <= (select max(quarter) from closed)
      and not (
          category is not distinct from 'REPAID_BY_FEE'
          and year(period) || '-Q' || quarter(period) in (select quarter from of_one_sign)
      )
)
select 'CLOSED_AT' as what, period, original_period, service, project, account, category, sum(closed_ore) as expected_ore, sum(booked_ore) as booked_ore
from cell
group by all
having sum(closed_ore) <> sum(booked_ore)
union all
-- closed by hand, without the amounts: everything would be booked forward
select 'NO_AMOUNTS', null, null, quarter, null, null, null, null, null
from closed
where quarter not in (select quarter from closed_amount)
union all
-- opened by hand, with a later quarter still closed: it would be emptied
select distinct 'OPENED_WITHIN', null::date, null::date, quarter, null, null, null, null::bigint, null::bigint
from closed_amount
where quarter not in (select quarter from closed) and quarter < (select max(quarter) from closed)
union all
select 'PAIRED', null, original_period, service, project, account, category, 0, sum(amount_ore)
from entry
where source_stream = 'period'
group by all
having sum(amount_ore) <> 0
