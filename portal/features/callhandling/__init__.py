"""What happens with calls to and from a line.

forward: where calls go instead (always, busy, not answered, not reachable), with destinations in order and conditions.
time set: hours, days and holidays by name. caller list: patterns of numbers by name. blocking: who cannot call, or be called.
privacy: whether the own number is shown. speed dial: *0 to *9.
"""
