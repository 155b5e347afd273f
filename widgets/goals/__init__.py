"""The board of a learner's goals, a goal's card, its words and its pace."""
