"""Tables of the stage «channels»."""
