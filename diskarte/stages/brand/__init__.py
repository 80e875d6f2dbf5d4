"""Who are we, against whom, and why would anyone choose us?

Reads nothing; leaves the brand's canvas, voice, products and competitors for every later stage.
"""
