"""Who may do what with a learner's data, and why."""
