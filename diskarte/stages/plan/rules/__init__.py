"""Pure decisions of the plan: settings, the days of a year, what is due, what a place is worth, the month's draft."""
