"""A conference on a screen: getting ready, its steps, and each step as a form of its own."""
