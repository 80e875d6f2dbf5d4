"""Tables of the stage «brand»."""
