"""Who may do what: people, workspaces, brands, roles, invites, tokens, and the record of every write."""
