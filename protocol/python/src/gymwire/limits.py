"""How long a line may be (SPEC 2.10)."""

MAX_LINE = 67108864
"""What each side reads unless it says otherwise, in bytes without the line end."""

LEAST_MAX_LINE = 65536
"""What each side has to read at least."""
