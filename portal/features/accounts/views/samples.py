"""What people see of accounts before they are signed in, with made-up data: for the preview of a brand."""

from flask import url_for

from portal.features.accounts.forms import SignInForm
from portal.web.samples import Sample, SampleMail


def sign_in() -> Sample:
    return Sample("accounts/sign_in.html", {"form": SignInForm(), "provider_name": None})


def invitation() -> SampleMail:
    link = url_for("accounts.reset", token="0" * 43, _external=True)
    return SampleMail("accounts/mails/invitation", {"invited_by": "Ben Ortiz", "name": "nora.lind@birch.example", "url": link})
