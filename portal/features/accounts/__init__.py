"""Who can sign in.

account: a sign-in name, a web password and a role. session: one browser, signed in at one tenant.
Staff sign in with their e-mail address; pilots and subscribers with user@sip-domain.
"""
