select * from worked_out where month = $of
