"""Tables of the stage «measure»."""
