-- How many dispatches each one of a demonstration stands for, where its price list says so.
-- One row; null where the release is no demonstration.
select max(try_cast(regexp_extract(source, '^syntetisk: 1 av ([0-9]+) forsendelser', 1) as integer)) as one_of
from reference.price_rule;
