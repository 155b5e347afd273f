"""Pages of one learner: who it is, their profile, their flags and buddies."""
