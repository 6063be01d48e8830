"""The mail shell: composes mails into the outbox, without Flask."""
