"""The strategy document: what was decided in all stages, as a report a client can hold.

Each part of `sections/` reads one stage through its verbs and answers with plain blocks; an edition keeps them as they
were that day, and is drawn as PDF, as DOCX and as a page behind a secret link. So this room stands above the stages.
"""
