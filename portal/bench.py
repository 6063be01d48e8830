"""`portal bench`: the budgets, measured."""
