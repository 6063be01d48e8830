"""Who may sign in a phone, and what the portal sees of it."""

from tests.sip.world import World


def test_a_phone_signs_in(world: World) -> None:
    company = world.company()
    assert company.phone("alice", signed_in=False).register() == 200
    rows = world.sql(
        "SELECT username, subscriber_id FROM kamailio.location WHERE username = :name", name=company.usernames["alice"]
    )
    assert [(row.username, row.subscriber_id) for row in rows] == [(company.usernames["alice"], int(company.key("alice")))]
