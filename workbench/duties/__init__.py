"""What a school owes those whose records it keeps: who looked, all that is kept of one, and that it is forgotten."""
