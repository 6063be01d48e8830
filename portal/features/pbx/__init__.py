"""A company's telephone system.

extension: the short number of a person (a seat), unique in the company, shared name space with groups.
PBX group: rings several extensions by a ringing policy. ringing policy: serial, parallel, random, circular.
"""
