"""What is known from files: facts, whom they are about, and what they let one say."""
