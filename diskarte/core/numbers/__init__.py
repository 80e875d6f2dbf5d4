"""The ledger of results: what was published, ours or imported, and every number read about it.

It lies below the stages because goals, hooks and the plan read results, although `measure`, which writes them,
comes later.
"""
