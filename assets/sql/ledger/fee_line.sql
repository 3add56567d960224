-- joining fees of services with a loan
select * exclude (account) from billed where account = 'LOAN'
