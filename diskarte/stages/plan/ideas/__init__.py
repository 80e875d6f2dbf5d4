"""What could be said one day: caught when it comes, made ready, and put into a slot of the plan."""
