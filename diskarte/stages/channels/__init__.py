"""Where are they, and where should we be?

Reads segments; leaves connected channels and what each network can do.
"""
