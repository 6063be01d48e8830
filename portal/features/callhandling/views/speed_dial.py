"""The keys *0 to *9."""

from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import operations, queries
from portal.features.callhandling.forms import SpeedDialForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.parts import edit, part_of
from portal.features.phonebook import queries as phonebook
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.tenant import tenant

MOST_ALIKE = 20


@bp.route("/call-handling/<public_id:line_id>/speed-dial", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def speed_dial(line_id: PublicId) -> AnyResponse:
    sheet = part_of(line_id, Feature.SPEED_DIAL)
    form, directory = SpeedDialForm(), queries.directory(sheet.line.customer_id)
    form.offer(directory)

    def save(sheet: Sheet, version: int) -> None:
        operations.change_speed_dials(by=me(), line=sheet.line, version=version, dials=form.dials(directory, _named))

    return edit(sheet, form, "speed-dial", save, _set)


def _named(typed: str) -> str | None:
    """The number of somebody who is called like this in the reader's phonebooks, if there is one and only one."""
    filters, home = phonebook.Filters(typed), tenant().home
    page = phonebook.page(phonebook.reader(me()), filters, home, sort="name", descending=False, limit=MOST_ALIKE, offset=0)
    alike = [one.content for one in page.rows if i18n.sort_key(one.content.name) == i18n.sort_key(typed)]
    numbers = {number.digits for content in alike for number in content.numbers}
    return numbers.pop() if len(numbers) == 1 else None


def _set(sheet: Sheet) -> str:
    count = len(sheet.speed_dials)
    return ngettext("%(num)s key calls somebody.", "%(num)s keys call somebody.", count) if count else _("No key calls anybody.")
