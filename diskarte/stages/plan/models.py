"""Tables of the stage «plan»."""
