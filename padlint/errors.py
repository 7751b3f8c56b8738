"""One root for everything that padlint raises for its users."""


class PadlintError(Exception):
    """A user's mistake or a file that cannot be handled: one clear line, exit code 2."""


class UsageError(PadlintError):
    """An option, a configuration key or a request that cannot be understood."""


class UnreadableError(PadlintError):
    """A file that cannot be read, decoded or written."""


class BoundExceeded(PadlintError):
    """An analysis was given up because a bound on work, depth or size was reached."""
