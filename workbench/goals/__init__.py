"""Goals, from help with the words to plans and how they go."""
