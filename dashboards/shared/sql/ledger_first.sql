-- The first month that the ledgers have anything of. One row; null where they are empty.
select min(month) as month from ledger.product_month;
