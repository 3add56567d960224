-- what was in force, but for the dispatches that were made again from all their rows
select {{columns}} from was anti join touched using (producer, dispatch_id)
union all
select {{columns}} from made_again
