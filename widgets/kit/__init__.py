"""What every form is made of: one boundary for errors, blocks, records, and the front end's script and style."""
