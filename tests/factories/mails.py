import json

import factory

from portal.core import clock
from portal.mail.models import Mail
from tests.factories.session import Row


class MailFactory(Row):
    class Meta:
        model = Mail

    kind = "password_changed"
    cause = factory.Sequence(lambda n: f"cause {n}")
    message_id = factory.Sequence(lambda n: f"<{n:032x}@lantern.localhost>")
    recipient = "alice@lantern.example"
    sender = "TelephOne <support@telephone.example>"
    language = "en"
    subject = "Your password was changed"
    content = json.dumps({"text": "Alice, your password was changed.\n", "html": "<p>Alice, your password was changed.</p>\n"})
    created_at = factory.LazyFunction(clock.now)
