"""What the peers in Python share: the text of inputs, the clock, and the JSON of results. See c/peer.h for both formats."""
import json
import sys
import time

# Seconds of one operation that takes no turns.
SLOW = 5


class Input:
    """The digits, the bits, and the matrices as lists of rows of pairs (m, e), for m * 2^e."""

    def __init__(self, path):
        with open(path) as lines:
            self.digits, self.bits = map(int, next(lines).split())
            self.matrices = []
            for head in lines:
                _, _, rows, columns = head.split()
                self.matrices.append([[self._entry(next(lines)) for _ in range(int(columns))] for _ in range(int(rows))])

    @staticmethod
    def _entry(text):
        m, e, _, _ = text.split()
        return int(m, 16), int(e)


def measure(work, seconds):
    """As measure() in c/peer.h: the seconds of one operation, a number per sample, and the last result."""
    operations = 1
    spent, result = _seconds_of(operations, work)
    if spent > SLOW:
        print("slow", flush=True)
        return [spent], result
    while spent < seconds / 2:
        operations *= 2
        spent, result = _seconds_of(operations, work)
    print("ready", flush=True)
    samples = []
    for _ in sys.stdin:
        spent, result = _seconds_of(operations, work)
        samples.append(spent / operations)
        print("done", flush=True)
    return samples, result


def _seconds_of(operations, work):
    start = time.perf_counter()
    for _ in range(operations):
        result = work()
    return time.perf_counter() - start, result


def write(path, library, samples, rows):
    """Writes rows of pairs (m, e)."""
    with open(path, "w") as out:
        json.dump({"library": library, "seconds": samples, "rows": len(rows), "columns": len(rows[0]),
                   "entries": ["%x %d 0 0" % entry for row in rows for entry in row]}, out)
