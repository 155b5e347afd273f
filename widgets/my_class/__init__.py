"""My class: flags, who is due, the week, and what the class agreed on."""
