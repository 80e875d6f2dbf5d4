"""Promotions in phases: tease, launch, peak, last call, thanks; and what they brought. A room of the plan."""
