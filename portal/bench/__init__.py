"""`portal bench`: what has a budget, measured on this machine. Ratios and counts tell something; absolute times only here."""
