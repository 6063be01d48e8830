"""What is printed when the demo is up."""

from portal.demo import world

WHERE = (
    ("lantern.localhost", "clare", "pilot of Lantern Co"),
    ("lantern.localhost", "alice, bob or carol", "extensions 101, 102 and 103 of Lantern Co"),
    ("telephone.localhost", "ike", "pilot of City Bank"),
    ("telephone.localhost", "tom@telephone.example", "TelephOne’s own staff"),
    ("isar.localhost", "rylic", "a subscriber of Isar Telecom"),
    ("isar.localhost", "olga@isar.example", "operator of the platform"),
    ("cheapcall.localhost", "charlie", "a subscriber of Cheap Call"),
    ("cheapcall.localhost", "rita@cheapcall.example", "Cheap Call’s own staff"),
    ("cheapcall-fr.localhost", "", "Cheap Call in France: the sign-in page"),
)


def welcome(port: int, *, mailbox: bool) -> str:
    """Each host with its sign-ins, as a table. `mailbox`: mails go nowhere but there."""
    rows = [(f"http://{host}:{port}", name, who) for host, name, who in WHERE]
    first, second = (max(len(row[column]) for row in rows) for column in (0, 1))
    lines: list[str] = []
    seen = ""
    for address, name, who in rows:
        lines.append(f"  {address if address != seen else '':<{first}}  {name:<{second}}  {who}")
        seen = address
    read = [f"Mails are read at http://{WHERE[0][0]}:{port}/_mailbox, and at /_mailbox of the other hosts."] if mailbox else []
    end = [f"with the password {world.PASSWORD}. Ctrl+C ends the demo.", *read, ""]
    return "\n".join(["", "Sign in at", "", *lines, "", *end])
