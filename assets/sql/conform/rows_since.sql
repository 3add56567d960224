-- what was in force, but for the keys that were made again from all their rows
select {{columns}} from was anti join touched on {{same}}
union all
select {{columns}} from made_again
