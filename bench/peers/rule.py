"""The rule that all run: long while the fast average of the closes is above the slow one, from crossing to crossing."""

CASH = 100_000.0
FEE = 0.001
CHUNK = 32  # pairs that are given to an engine at once, where it holds whole curves in memory


def chunks(pairs):
    return [pairs[start : start + CHUNK] for start in range(0, len(pairs), CHUNK)]


def joined(parts):
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}
