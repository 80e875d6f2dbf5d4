"""Tables of the stage «goals»."""
