"""Clerks at once on the pages of cases: list, take, comment, close, with pauses as people make them; then the store is asked whether every
change that was answered with "done" is there once, and nothing else.

python bench/cases_load.py http://127.0.0.1:8080 [--clerks 200] [--seconds 60] [--pause 5] [--psql postgres://…]

The portal must be one that nobody uses: the clerks really close cases. `--psql` needs the command psql and rights to read the tables.
Answers are timed from sending the request to the last byte, on connections that stay open.
"""
import argparse
import http.client
import random
import re
import subprocess
import threading
import time
from urllib.parse import urlencode, urlsplit

arguments = argparse.ArgumentParser()
arguments.add_argument("base")
arguments.add_argument("--clerks", type=int, default=200)
arguments.add_argument("--seconds", type=int, default=60)
arguments.add_argument("--pause", type=float, default=5.0, help="mean seconds between two requests of a clerk")
arguments.add_argument("--psql", help="address of the desk, to count what is there")
asked = arguments.parse_args()
host = urlsplit(asked.base).netloc
lock = threading.Lock()
took = {}
acknowledged = {"taken": 0, "comment": 0, "closed": 0}
refused, failed = [0], []


def count(sql):
    answer = subprocess.run(["psql", "-qAt", asked.psql, "-c", sql], capture_output=True, text=True, check=True)
    return int(answer.stdout.strip() or 0)


def fields(page, action):
    """The hidden fields of the form that leads to an address and, where it has one, names what is done."""
    for form in re.findall(r"<form.*?</form>", page, re.S):
        found = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form))
        if f'action="{action}"' in form:
            yield {name: value.replace("&amp;", "&") for name, value in found.items()}


class Clerk(threading.Thread):
    def __init__(self, number, communes, until):
        super().__init__()
        self.draw = random.Random(number)
        self.cookie = f"vai-tro=u-xa-{communes[number % len(communes)]}"
        self.until = until
        self.http = http.client.HTTPConnection(host, timeout=30)

    def ask(self, kind, path, sent=None):
        headers = {"Cookie": self.cookie, "Host": host}
        body = None
        if sent is not None:
            body = urlencode(sent)
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{host}", "Sec-Fetch-Site": "same-origin"}
        begun = time.monotonic()
        self.http.request("GET" if sent is None else "POST", path, body, headers)
        answer = self.http.getresponse()
        text = answer.read().decode()
        with lock:
            took.setdefault(kind, []).append(time.monotonic() - begun)
        return answer.status, text

    def rest(self):
        time.sleep(self.draw.uniform(0.5, 1.5) * asked.pause)

    def change(self, kind, what, path, sent):
        status, text = self.ask(kind, path, sent)
        with lock:
            if status == 303:
                acknowledged[what] += 1
            elif status == 400:
                # Somebody of the same office was quicker.
                refused[0] += 1
            else:
                failed.append((kind, status, text[:200]))
        return status == 303

    def run(self):
        try:
            time.sleep(self.draw.uniform(0, asked.pause))
            while time.monotonic() < self.until:
                self.one()
        except OSError as error:
            with lock:
                failed.append(("connection", 0, str(error)))

    def one(self):
        status, page = self.ask("list", "/viec?hang=unassigned&xem=gon")
        if status != 200:
            failed.append(("list", status, page[:200]))
        cases = sorted(set(re.findall(r'action="/viec/([0-9a-f-]{36})/doi"', page)))
        self.rest()
        if not cases:
            return
        case = self.draw.choice(cases)
        take = next(fields(page, f"/viec/{case}/doi"), None)
        if take is None or not self.change("take", "taken", f"/viec/{case}/doi", take):
            return
        self.rest()
        status, page = self.ask("case", f"/viec/{case}")
        comment = next(fields(page, f"/viec/{case}/y-kien"), None)
        if comment is None:
            failed.append(("case", status, "no form for a comment"))
            return
        self.rest()
        self.change("comment", "comment", f"/viec/{case}/y-kien", comment | {"y-kien": "Đã gọi điện, chưa gặp"})
        closing = next((form for form in fields(page, f"/viec/{case}/doi") if form.get("viec") == "ket-qua"), None)
        if closing is None:
            failed.append(("case", status, "no form for an outcome"))
            return
        self.rest()
        said = {"ket-qua-la": "joined", "ly-do": "Đã xem thẻ tại nhà"}
        self.change("close", "closed", f"/viec/{case}/doi", closing | said)
        self.rest()


with_roles = http.client.HTTPConnection(host, timeout=30)
with_roles.request("GET", "/vai-tro", headers={"Host": host})
communes = re.findall(r'value="u-xa-(\d{5})"', with_roles.getresponse().read().decode())
assert communes, "the portal offers no roles of communes"
events = "SELECT count(*) FROM case_event WHERE what = '{}'"
before = {what: count(events.format(what)) for what in acknowledged} if asked.psql else {}
until = time.monotonic() + asked.seconds
clerks = [Clerk(number, communes, until) for number in range(asked.clerks)]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()


def at(times, share):
    times = sorted(times)
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1)


print(f"{asked.clerks} clerks, {asked.seconds} s, a request every {asked.pause} s each")
for kind, times in sorted(took.items()):
    print(f"{kind:<8} {len(times):>6} answers  p50 {at(times, .5):>7} ms  p95 {at(times, .95):>7} ms  p99 {at(times, .99):>7} ms")
every = [one for times in took.values() for one in times]
print(f"all      {len(every):>6} answers  p50 {at(every, .5):>7} ms  p95 {at(every, .95):>7} ms  p99 {at(every, .99):>7} ms")
print("done:", acknowledged, "refused because somebody was quicker:", refused[0], "failed:", len(failed), failed[:3])
if asked.psql:
    after = {what: count(events.format(what)) - before[what] for what in acknowledged}
    lonely = count("SELECT count(*) FROM work_case c WHERE c.version <> (SELECT max(e.version) FROM case_event e WHERE e.case_id = c.id)")
    doubled = count("SELECT count(*) FROM (SELECT case_id, version FROM case_event WHERE what <> 'comment' GROUP BY 1, 2 HAVING count(*) > 1) d")
    print("in the store:", after, "cases whose version is not their last event's:", lonely, "versions written twice:", doubled)
    assert after == acknowledged and lonely == 0 and doubled == 0, "an update was lost or doubled"
    print("no update lost, none doubled")
