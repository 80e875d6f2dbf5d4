"""Tables of the stage «automate»."""
