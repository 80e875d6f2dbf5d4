"""Say it well, once, exactly.

Reads slots and channels; leaves posts and their deliveries in the outbox.
"""
