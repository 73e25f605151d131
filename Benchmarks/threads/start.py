"""Starts and joins `count` empty threads, `burst` of them before the first is joined."""
import sys
from threading import Thread

count, burst = int(sys.argv[1]), int(sys.argv[2])


def empty():
    pass


for _ in range(count // burst):
    threads = [Thread(target=empty) for _ in range(burst)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
