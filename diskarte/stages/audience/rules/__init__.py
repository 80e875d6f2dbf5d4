"""Pure decisions of the audience: what a portrait lacks, which hook worked, and whether a row is a person."""
