-- From a service's income to its result in a period: income, each kind of cost taken off, result. Amounts in øre without
-- VAT; costs are negative. One row per step, in the order they are taken.
with whole as (
    select
        sum(income_ore) as income,
        -sum(cost_brukerstotte_ore) as brukerstotte,
        -sum(cost_drift_ore) as drift,
        -sum(cost_forvaltning_ore) as forvaltning,
        -sum(cost_administrasjon_ore) as administrasjon,
        -sum(allocated_ore) as allocated,
        sum(result_ore) as result,
        bool_or(synthetic) as synthetic
    from ledger.product_month
    where service = $service and month between $first and $last
)

select part, cast(amount_ore as bigint) as amount_ore, synthetic
from (unpivot whole on income, brukerstotte, drift, forvaltning, administrasjon, allocated, result
    into name part value amount_ore)
order by list_position(
    ['income', 'brukerstotte', 'drift', 'forvaltning', 'administrasjon', 'allocated', 'result'], part
);
