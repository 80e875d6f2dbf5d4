"""Contests: rules, dates, entries, and a draw anyone can check. A room of the plan."""
