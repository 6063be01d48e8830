"""The tenants.

reseller: sells under its own brand; the platform's own is one too. SIP domain: where phones register and sign-in names end.
web host: the address in the browser, tied to a reseller and usually to one SIP domain. languages: of a domain, the default first.
"""
