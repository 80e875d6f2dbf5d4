"""With whom, and what do we answer?

Reads the brand, segments and channels; leaves partners and deals whose moments enter the plan.
"""
