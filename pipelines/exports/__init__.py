"""What leaves the platform as a file for people: invoice bases and price workbooks."""
