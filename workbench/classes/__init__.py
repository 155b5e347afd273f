"""A class: what it agreed on, who is due, flags, buddies, worries."""
