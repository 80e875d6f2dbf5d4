"""Tables of the stage «audience»."""
