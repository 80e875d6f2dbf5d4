"""Tables of the stage «correct»."""
