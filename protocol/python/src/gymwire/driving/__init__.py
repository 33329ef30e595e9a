"""The driver's side: programs that speak Gymwire become Gymnasium environments."""
