"""jobs.py KIND COUNT WORKERS"""
import sys
from concurrent.futures import ThreadPoolExecutor

kind, count, workers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
ex = ThreadPoolExecutor(workers)


def add(a, b):
    return a + b


def total(n):
    result = 0
    for i in range(1, n + 1):
        result += i % 7
    return result


if kind == "turn":
    for i in range(count):
        assert ex.submit(add, i, 2).result() == i + 2
elif kind == "batch":
    fs = [ex.submit(add, i, 2) for i in range(count)]
    for i, f in enumerate(fs):
        assert f.result() == i + 2
elif kind == "map":
    for i, result in enumerate(ex.map(add, range(count), range(count))):
        assert result == 2 * i
elif kind == "compute":
    for result in ex.map(total, [20000] * count):
        assert result > 0
ex.shutdown()
