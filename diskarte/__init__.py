"""Diskarte makes a social media strategy, runs it, measures it and corrects it."""

__version__ = "0.4.0"
