"""How the command line shows figures to a person: amounts, months, prices, periods, traces."""
