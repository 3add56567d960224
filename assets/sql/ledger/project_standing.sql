-- the projects' accounts in the last known month
select * from account where month = $through
