"""One's own passkeys, a section of the account page."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import PasskeyForm, PlainForm
from portal.features.accounts.views.door import bp
from portal.features.accounts.views.page import page
from portal.web.access import in_person, sudo
from portal.web.session import me
from portal.web.templating import done


@bp.get("/account/passkeys/add")
@sudo
def new_passkey() -> Response:
    return page(queries.own(me()), editing="passkeys")


@bp.route("/account/passkeys/<public_id:passkey_id>/rename", methods=["GET", "POST"])
@in_person
def rename_passkey(passkey_id: PublicId) -> Response:
    passkey = queries.own_passkey(me(), passkey_id)
    form = PasskeyForm(obj=passkey)
    if form.validate_on_submit():
        with form.refusals():
            operations.rename_passkey(by=me(), passkey=passkey, name=form.name.data)
            return done(_("Saved."), ".account", _anchor="passkeys")
    return page(queries.own(me()), editing="passkey-name", passkey=passkey, form=form)


@bp.route("/account/passkeys/<public_id:passkey_id>/remove", methods=["GET", "POST"])
@sudo
def remove_passkey(passkey_id: PublicId) -> Response:
    passkey = queries.own_passkey(me(), passkey_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_passkey(by=me(), passkey=passkey)
            text = _("The passkey “%(name)s” no longer signs you in. Delete it on your device, too.", name=passkey.name)
            return done(text, ".account", _anchor="passkeys")
    return page(queries.own(me()), editing="passkey-removal", passkey=passkey, form=form)
