"""A file of people and purchases on its way in: cut into parts, each read at once, then joined with who is known.

The plain rows of a part are judged by one SQL statement; a row it is not sure of is judged by `rules/people.py`, which
alone refuses. A part that is done lies on the disk, so an import that was killed goes on with the next one.
"""
