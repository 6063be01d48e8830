"""A reseller's own words for its mails: plain text with a few marks, and variables by their names. Nothing in it is run.

**bold**, lists whose lines begin with “- ”, and [words]({{ link }}), which standing alone is the button.
"""

from portal.mail.own.checking import (
    LONGEST_BODY as LONGEST_BODY,
    LONGEST_SUBJECT as LONGEST_SUBJECT,
    check as check,
)
from portal.mail.own.drawing import Drawn as Drawn, Style as Style, drawn as drawn
from portal.mail.own.variables import (
    LINK as LINK,
    Variable as Variable,
    examples as examples,
    required as required,
    values as values,
    variables as variables,
)
