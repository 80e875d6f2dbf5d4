"""The guided start: from an empty brand to the drafts of its whole strategy.

Twelve short questions, the trade's playbook, the brand's own website and, if one is set, a language model make
proposals. Each says where it comes from; only what a person takes is written, through the stages' own verbs. So
this room stands above the ten stages and keeps nothing but the answers and what was decided about each proposal.
"""
