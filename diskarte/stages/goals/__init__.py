"""What must change, by how much, by when?

Reads the brand; leaves goals with baseline, target and deadline for the plan and the results.
"""
