### Endringar, likt på alle sider, på nynorsk: catalog/domain/change.py har regelen.

change-year = året før
change-same = uendra
change-same-since = uendra frå { $then }
change-from_to = frå { $before } til { $now }
change-up = opp { $percent }
change-up-since = { $percent } meir enn { $when }
change-up-few = opp frå { $before } til { $now }
change-up-few-since = opp frå { $before } til { $now } sidan { $then }
change-down-since = { $percent } mindre enn { $when }
change-down-few = ned frå { $before } til { $now }
change-down-few-since = ned frå { $before } til { $now } sidan { $then }
change-in = i { $then }
change-down = ned { $percent }
