"""Arithmetic of numbers: what a number is made of, which one an extension gets, which ones stand together, and number blocks."""

from portal.features.numbers.rules.blocks import (
    LARGEST as LARGEST,
    SIZES as SIZES,
    Shape as Shape,
    first_free as first_free,
    pieces as pieces,
    shape as shape,
)
from portal.features.numbers.rules.numbers import (
    LISTED as LISTED,
    LONGEST_SN as LONGEST_SN,
    MOST_AT_ONCE as MOST_AT_ONCE,
    Block as Block,
    blocks as blocks,
    check_parts as check_parts,
    consecutive as consecutive,
    derived as derived,
    listed as listed,
)
from portal.features.numbers.rules.typed import (
    LONGEST_TYPED as LONGEST_TYPED,
    number as number,
    numbers as numbers,
)
