from portal.features.numbers.queries.blocks import (
    MOST_SUGGESTED as MOST_SUGGESTED,
    BlockFilters as BlockFilters,
    BlockPage as BlockPage,
    Cell as Cell,
    ListedBlock as ListedBlock,
    block as block,
    block_page as block_page,
    cells as cells,
    held_block as held_block,
    next_free as next_free,
    numbers_in_use_of as numbers_in_use_of,
    overlapping as overlapping,
    released as released,
)
from portal.features.numbers.queries.numbers import (
    aliases_of as aliases_of,
    held as held,
    in_use as in_use,
    known as known,
    outside_blocks as outside_blocks,
    primary_of as primary_of,
)
