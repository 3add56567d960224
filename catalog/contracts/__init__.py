"""The language that contracts are written in: columns, units, keys, rules, scans."""
