-- What was outstanding on all loans at the end of each of the months asked for; asked where the release follows loans by
-- month. One row per month, in order.
select month, cast(sum(balance_ore) as bigint) as balance_ore
from ledger.loan_month
where month between $first and $through
group by month
order by month;
