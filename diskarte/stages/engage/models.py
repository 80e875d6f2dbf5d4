"""Tables of the stage «engage»."""
