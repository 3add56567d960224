"""Files that leave the platform for people: invoice bases and price workbooks."""
