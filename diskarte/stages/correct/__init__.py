"""What did we learn, and what do we change?

Reads readings and the plan; leaves findings, proposals and accepted changes, which the plan reads.
"""
