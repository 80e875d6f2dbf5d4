"""What happened?

Reads deliveries and the networks' own exports; leaves readings for every post.
"""
