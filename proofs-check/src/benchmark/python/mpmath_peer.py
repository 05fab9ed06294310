"""Exponentials and a layer of attention by mpmath. Usage: mpmath_peer.py exp|attention INPUT OUTPUT SECONDS"""
import sys

import mpmath
from mpmath import libmp, mp

import peer


def number(entry):
    return mp.make_mpf(libmp.from_man_exp(*entry))


def pair(x):
    sign, mantissa, exponent, _ = x._mpf_
    return int(-mantissa if sign else mantissa), int(exponent)


def matrix(rows):
    return mp.matrix([[number(entry) for entry in row] for row in rows])


def attention(x, wq, wk, wv):
    """exp(Q K^T) V with each row divided by the sum of its weights; Q = X W_Q, K = X W_K, V = X W_V."""
    weights = ((x * wq) * (x * wk).T).apply(mp.exp)
    y = weights * (x * wv)
    for i in range(y.rows):
        total = mp.fsum(weights[i, :])
        for j in range(y.cols):
            y[i, j] /= total
    return y


def main():
    task, source, target, seconds = sys.argv[1:]
    data = peer.Input(source)
    mp.prec = data.bits
    library = "mpmath %s, %s" % (mpmath.__version__, "gmpy2" if libmp.BACKEND == "gmpy" else "integers of Python")
    if task == "exp":
        numbers = [number(entry) for row in data.matrices[0] for entry in row]
        columns = len(data.matrices[0][0])
        samples, result = peer.measure(lambda: [mp.exp(x) for x in numbers], float(seconds))
        pairs = [pair(y) for y in result]
        rows = [pairs[k:k + columns] for k in range(0, len(pairs), columns)]
    elif task == "attention":
        operands = [matrix(rows) for rows in data.matrices]
        samples, result = peer.measure(lambda: attention(*operands), float(seconds))
        rows = [[pair(result[i, j]) for j in range(result.cols)] for i in range(result.rows)]
    else:
        sys.exit("the task must be exp or attention")
    peer.write(target, library, samples, rows)


if __name__ == "__main__":
    main()
