"""Call records: intake, lists, statistics, download.

leg: one connection of a call; a forwarded call has several. side: caller or callee of a leg.
call record (CDR): one leg as one of its sides sees it, in one customer. own number: the line's; other number: who it spoke with.
direction: out, in, inside (both sides are of one customer), forward (the line sent the call on).
in company: whether the company's list shows the record; of a leg between two of its lines it shows the caller's only.
missed: not answered, seen from the side that was called.
"""
