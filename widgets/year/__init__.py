"""A learner's year: what was held, said, chosen, met and shown, and each conference as it was."""
