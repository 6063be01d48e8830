"""What the operator looks after: resellers and their life, contracts with them and with peering partners, how the platform is.

contract        what was agreed with a reseller or a peering partner
system contact  whom to write to about a contract; of no reseller
health          the state of what the portal needs: database, worker, mail, hosts
"""
