"""A product of matrices of doubles by NumPy. Usage: numpy_peer.py product INPUT OUTPUT SECONDS"""
import math
import sys

import numpy

import peer


def matrix(rows):
    return numpy.array([[math.ldexp(*entry) for entry in row] for row in rows])


def pair(x):
    fraction, exponent = math.frexp(x)
    return int(math.ldexp(fraction, 53)), exponent - 53


def main():
    task, source, target, seconds = sys.argv[1:]
    if task != "product":
        sys.exit("the task must be product")
    a, b = (matrix(rows) for rows in peer.Input(source).matrices)
    c = numpy.empty((a.shape[0], b.shape[1]))
    samples, result = peer.measure(lambda: numpy.matmul(a, b, out=c), float(seconds))
    peer.write(target, "NumPy %s" % numpy.__version__, samples, [[pair(x) for x in row] for row in result.tolist()])


if __name__ == "__main__":
    main()
