### Endringer, likt på alle sider: catalog/domain/change.py har regelen.

change-in = i { $then }
change-year = året før
change-same = uendret
change-same-since = uendret fra { $then }
change-from_to = fra { $before } til { $now }
change-up = opp { $percent }
change-up-since = { $percent } mer enn { $when }
change-up-few = opp fra { $before } til { $now }
change-up-few-since = opp fra { $before } til { $now } siden { $then }
change-down = ned { $percent }
change-down-since = { $percent } mindre enn { $when }
change-down-few = ned fra { $before } til { $now }
change-down-few-since = ned fra { $before } til { $now } siden { $then }
