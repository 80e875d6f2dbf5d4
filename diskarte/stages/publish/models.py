"""Tables of the stage «publish»."""
