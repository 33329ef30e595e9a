"""What the broken servers share: which clause to break, and how to refuse."""
import sys

BROKEN = sys.argv[sys.argv.index("--break") + 1] if "--break" in sys.argv else None
GREATEST = 2**53 - 1


class Refusal(Exception):
    def __init__(self, code, message="no", **data):
        self.reply = {"error": {"code": code, "message": message, "data": data}}


def broken(clause):
    return BROKEN == clause


def is_integer(value, least=0, most=GREATEST):
    return type(value) in (int, float) and value % 1 == 0 and least <= value <= most
