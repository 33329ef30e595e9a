"""The version of this package, which the conversation mentions for people only."""

VERSION = "0.1.0"
