"""The mail shell: a mail is a folder of templates, written in the receiver's language on the tenant's letterhead.

It is queued in the transaction that causes it and delivered by the worker; one cause makes one mail.
"""
