"""What a pilot does: extensions, groups, the pool.

Each operation holds the customer first, then lines in the order of their keys.
"""

from portal.features.pbx.operations import imports as imports, ticked as ticked
from portal.features.pbx.operations.extensions import (
    change_allowed as change_allowed,
    change_base_number as change_base_number,
    change_numbers as change_numbers,
    change_person as change_person,
    create_extension as create_extension,
    send_web_link as send_web_link,
    set_web_password as set_web_password,
    terminate as terminate,
)
from portal.features.pbx.operations.groups import (
    change_group as change_group,
    change_ringing as change_ringing,
    create_group as create_group,
)
from portal.features.pbx.operations.members import join as join, set_members as set_members
from portal.features.pbx.operations.pool import (
    Move as Move,
    assign_numbers as assign_numbers,
    return_numbers as return_numbers,
    take_back as take_back,
)
from portal.features.pbx.operations.unanswered import answer_elsewhere as answer_elsewhere
from portal.features.subscribers.operations import NewLine as NewLine
