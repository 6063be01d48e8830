"""The list of extensions, and adding one."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import ids, secrets
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import CreateForm
from portal.features.pbx.queries import Filters, ListedGroup
from portal.features.pbx.rules import LOCK_WORDS
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import OutgoingNumber, Profile
from portal.features.subscribers.queries import ProfileUse
from portal.web import once
from portal.web.access import requires
from portal.web.listing import Query, page_of, read_query
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

PHONES = ("in", "out")  # one is signed in, or none
SWITCHES = {"locked": ("1",), "quiet": ("1",), "aliases": ("1",), "phones": PHONES}


@dataclass(frozen=True)
class Asked:
    """The list as its address asks for it."""

    query: Query
    filters: Filters
    groups: Sequence[ListedGroup]
    group: ListedGroup | None
    profiles: Sequence[ProfileUse]
    profile: Profile | None


def list_query() -> Query:
    """What the address says, for the list itself and for what leads back to it."""
    return read_query("pbx.extensions", sorts=queries.SORTS, filters={**SWITCHES, "group": None, "profile": None})


def asked() -> Asked:
    query = list_query()
    groups, profiles = queries.groups(customer_id()), subscriber_queries.profiles(customer_id())
    profile = next((one.profile for one in profiles if one.profile.public_id == query.values.get("profile")), None)
    group = next((one for one in groups if one.public_id == query.values.get("group")), None)
    filters = Filters(
        query.words,
        "locked" in query.values,
        "quiet" in query.values,
        "aliases" in query.values,
        query.values["phones"] == "in" if "phones" in query.values else None,
        group.public_id if group else None,
        profile.public_id if profile else None,
    )
    return Asked(query, filters, groups, group, profiles, profile)


@bp.get("/extensions")
@within("pbx.extensions")
@requires(P.EXTENSIONS_VIEW)
def extensions() -> Response:
    wanted = asked()
    query, page = page_of(wanted.query, lambda asked: queries.page(customer_id(), wanted.filters, tenant().home, **asked.window))
    return render(
        "pbx/extensions.html",
        query=query,
        page=page,
        filters=wanted.filters,
        facts=queries.facts(customer_id()),
        groups=wanted.groups,
        group=wanted.group,
        profiles=wanted.profiles,
        profile=wanted.profile,
        lock_words=LOCK_WORDS,
    )


@bp.route("/extensions/new", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, in_person=True)
def create() -> AnyResponse:
    company, facts = subscriber_queries.company(customer_id()), queries.facts(customer_id())
    form = CreateForm()
    if request.method == "GET":
        form.extension.data = str(facts.next_free or "")
        form.like.data = request.args.get("like", "")
    form.offer(facts, tenant().languages, company.base.digits, tenant().home.cc, queries.owners(customer_id()))
    if form.validate_on_submit():
        with form.refusals():
            return _create(form)
    return render("pbx/create.html", form=form, facts=facts, company=company)


def _create(form: CreateForm) -> AnyResponse:
    made = None if form.email.data else secrets.sip_password()  # good for the web as well
    like = PublicId(form.like.data) if form.like.data and ids.PATTERN.fullmatch(form.like.data) else None
    new = operations.create_extension(
        by=me(),
        customer_id=customer_id(),
        display_name=form.display_name.data,
        extension=form.extension.data,
        username=form.username.data,
        email=form.email.data,
        web_username=form.web_username.data,
        web_password=made,
        invite=bool(form.email.data),
        language=form.language.data or None,
        outgoing=OutgoingNumber(form.outgoing.data),
        like=queries.extension(like) if like else None,
    )
    line = new.subscriber
    once.keep("access", json.dumps({"sip": new.sip_password, "web": made}), subject=line.public_id)
    added = _("%(name)s is added.", name=line.display_name)
    invited = _("%(name)s is added, and invited by mail to %(email)s.", name=line.display_name, email=form.email.data)
    return done(invited if form.email.data else added, ".show", extension_id=line.public_id)
