"""What a person opens: the only part of arlib with state, widgets and a server."""
