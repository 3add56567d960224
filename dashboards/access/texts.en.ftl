### What a visitor is told of logging in, and of what it may not see. Bokmål and English, in plain words.

access-log_in = Log in
access-log_out = Log out
access-log_out-really = Do you want to log out?
access-logged_in = Logged in as { $name } ({ $roles })
access-logged_in-nameless = Logged in ({ $roles })
access-open = The pages are open, but on this machine only. No login has been set up.
access-operator = whoever runs the service
access-not_logged_in-title = You are not logged in
access-not_logged_in = Log in to see { $app }. You will then come back to this page.
access-failed = The login was cancelled or failed. Try once more.
access-expired-title = You have been logged out
access-expired = A login lasts only a limited time. Log in again, and you will come back to this page.
access-no_grant-title = You do not have access
access-no_grant = You are logged in, but nobody has given you access to the numbers. Ask { $contact } for it.
access-closed-title = Nobody can log in right now
access-closed = The login is set up incorrectly. Try again later, or tell { $contact }.
access-restart-title = The login is not ready yet
access-restart = The login was set up while the service was running. It must be restarted. Tell { $contact }.
access-elsewhere-title = No login has been set up
access-elsewhere = Without a login the pages are shown only on the machine they run on. Tell { $contact }.
access-forbidden-title = You do not have access to this
access-forbidden = Only some roles have access to the numbers here. If your work needs them, ask { $contact } for access.
