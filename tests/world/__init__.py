"""Judges that have nothing to do with padlint: torch with its own test inputs, whole programs that are run, one bug written in many
ways, Python's meaning, and programs rewritten without a change of meaning.

Each module but `levels`, `asking` and `running` is a judge, and a command for a long run: `python -m tests.world.opinfo --size all`.
"""
