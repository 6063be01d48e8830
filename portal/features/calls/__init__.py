"""Call records: intake, lists, statistics, download.

call record (CDR): one call as one of its parties sees it. side: caller or callee. inside: both parties are of one customer.
"""
