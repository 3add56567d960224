-- joining fees of services with a loan
select * exclude (account) from billed where account = 'JOINING_FEE_RECEIVABLE'
