"""What may happen without asking?

Reads everything before it; leaves uploads, queues, rules and keys that call the same verbs.
"""
