"""Giving numbers to lines and taking them back, and the blocks that they come from.

Callers hold the customer (customers.queries.hold) before they come here.
"""

from portal.features.numbers.operations.blocks import (
    add_block as add_block,
    change_block as change_block,
    grant_block as grant_block,
    remove_block as remove_block,
    split_block as split_block,
    take_block_back as take_block_back,
)
from portal.features.numbers.operations.numbers import (
    add_numbers as add_numbers,
    check_free as check_free,
    check_in_blocks as check_in_blocks,
    drop_primaries as drop_primaries,
    give_new_primaries as give_new_primaries,
    give_primary as give_primary,
    hand_over as hand_over,
    release as release,
    take_primary as take_primary,
)
