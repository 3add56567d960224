-- What a service invoiced in each month of a period, beside the same month of the year before, which is null where the
-- ledger has none. Amounts in øre without VAT. One row per month.
select
    this.month,
    this.invoiced_ore,
    before.invoiced_ore as invoiced_year_before_ore,
    this.synthetic
from ledger.product_month as this
left join ledger.product_month as before
    on before.service = this.service and before.month = this.month - interval 12 months
where this.service = $service and this.month between $first and $last
order by this.month;
