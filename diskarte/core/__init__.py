"""What every stage stands on: people, the outbox, jobs, files, and the register of verbs."""
