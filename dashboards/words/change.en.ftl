### Changes, the same on all pages: catalog/domain/change.py has the rule.

change-in = in { $then }
change-year = the year before
change-same = unchanged
change-same-since = unchanged from { $then }
change-from_to = from { $before } to { $now }
change-up = up { $percent }
change-up-since = { $percent } more than { $when }
change-up-few = up from { $before } to { $now }
change-up-few-since = up from { $before } to { $now } since { $then }
change-down = down { $percent }
change-down-since = { $percent } less than { $when }
change-down-few = down from { $before } to { $now }
change-down-few-since = down from { $before } to { $now } since { $then }
