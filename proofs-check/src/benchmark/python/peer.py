"""What the peers in Python share: the text of inputs, the clock, and the JSON of results. See c/peer.h for both formats."""
import json
import time

SAMPLES = 5


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
    start = time.perf_counter()
    result = work()
    once = time.perf_counter() - start
    if once > seconds:
        return [once], result
    start = time.perf_counter()
    result = work()
    once = time.perf_counter() - start
    operations = max(1, int(seconds / SAMPLES / max(once, 1e-7)))
    end = time.perf_counter() + 2 * seconds
    samples = []
    while len(samples) < SAMPLES and time.perf_counter() < end:
        start = time.perf_counter()
        for _ in range(operations):
            result = work()
        samples.append((time.perf_counter() - start) / operations)
    return samples, result


def write(path, library, samples, rows):
    """Writes rows of pairs (m, e)."""
    with open(path, "w") as out:
        json.dump({"library": library, "seconds": samples, "rows": len(rows), "columns": len(rows[0]),
                   "entries": ["%x %d 0 0" % entry for row in rows for entry in row]}, out)
