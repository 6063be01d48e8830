"""Pure decisions about calls: words, periods, places in a list, and what a line of a switch's file says."""
