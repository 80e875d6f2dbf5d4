"""Whom do we want to reach, and what would move them?

Reads the brand and its goals; leaves segments, hooks and the people of imported lists.
"""
