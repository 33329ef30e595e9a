"""The server's side: Gymnasium environments answer requests."""
