"""What to say, where, when, how often?

Reads goals, segments, hooks and channels; leaves slots with time, channel, kind, pillar and reason.
"""
