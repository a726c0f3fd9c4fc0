"""Asks pages of a portal at a fixed rate and prints how long answers take, counted from the moment each was due.

python bench/pages_load.py http://127.0.0.1:8080 [requests a second] [seconds]
"""
import random
import sys
import threading
import time
import urllib.request

PAGES = ["/", "/xa-phuong/09556", "/nguoi-chua-tham-gia", "/nguoi-chua-tham-gia?ly-do=household-card-lapsed&xa=09556", "/chi-tieu/I1",
         "/chi-tieu-giao", "/truong-hoc", "/don-vi", "/quy-tac", "/ho-tro", "/ho-tro/nguoi", "/chi-tieu/I1/tu-so", "/chi-tieu/I1/chua-ghep"]
base = sys.argv[1]
rate, seconds = (int(value) for value in (sys.argv[2:] + ["50", "12"])[:2])
took, failed, lock = [], [0], threading.Lock()
start, pick = time.time() + 0.3, random.Random(1)


def ask(due, page):
    time.sleep(max(0, due - time.time()))
    try:
        urllib.request.urlopen(base + page, timeout=20).read()
    except OSError:
        failed[0] += 1
    with lock:
        took.append(time.time() - due)


threads = [threading.Thread(target=ask, args=(start + n / rate, pick.choice(PAGES))) for n in range(rate * seconds)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
took.sort()
at = {name: round(took[min(len(took) - 1, int(len(took) * share))] * 1000) for name, share in [("p50", .5), ("p95", .95), ("p99", .99)]}
print(len(took), "answers, ms:", at, "failed:", failed[0])
