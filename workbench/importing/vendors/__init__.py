"""What each vendor's files say, a module or a package for each; none knows another."""
