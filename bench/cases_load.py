"""Clerks at once on the pages of cases: list, take, comment, close, with pauses as people make them; then the store is asked whether every
change that was answered with "done" is there once, and nothing else.

python bench/cases_load.py http://127.0.0.1:8080 [--clerks 200] [--seconds 60] [--pause 5] [--psql postgres://…]
python bench/cases_load.py --write-clerks clerks.csv [--clerks 200]
python bench/cases_load.py http://127.0.0.1:8080 --accounts codes.csv [the same]

The portal must be one that nobody uses: the clerks really close cases. `--psql` needs the command psql and rights to read the tables.
Answers are timed from sending the request to the last byte, on connections that stay open.

Without `--accounts` roles are picked (`ansinh serve --role-picker`). With it clerks work as they do in a city: `--write-clerks` writes accounts of
communes for `ansinh users import clerks.csv --codes codes.csv`, and each clerk signs in with the code of that file, chooses a password, and
sends every form with the token of their session. All sign in before the time begins; signing in is timed by itself. A second run with the
same file signs in with the password chosen in the first; when signing in broke off half-way, import once more for new codes.
"""
import argparse
import csv
import http.client
import pathlib
import random
import re
import subprocess
import threading
import time
from urllib.parse import urlencode, urlsplit

arguments = argparse.ArgumentParser()
arguments.add_argument("base", nargs="?", help="address of the portal")
arguments.add_argument("--clerks", type=int, default=200)
arguments.add_argument("--seconds", type=int, default=60)
arguments.add_argument("--pause", type=float, default=5.0, help="mean seconds between two requests of a clerk")
arguments.add_argument("--psql", help="address of the desk, to count what is there")
arguments.add_argument("--accounts", metavar="FILE", help="id,login,code as `ansinh users import --codes` writes them: sign in instead of picking roles")
arguments.add_argument("--write-clerks", metavar="FILE", help="write a file for `ansinh users import` and end")
asked = arguments.parse_args()

if asked.write_clerks:
    places = pathlib.Path(__file__).parent.parent / "formats/places/communes.csv"
    with places.open(encoding="utf-8") as file:
        communes = list(csv.DictReader(file))
    with open(asked.write_clerks, "x", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "label", "role", "unit", "unit_name", "unit_kind", "communes", "login"])
        for number in range(asked.clerks):
            at = communes[number % len(communes)]
            code, who = at["code"], f"u-do-tai-{number:04}"
            name = f"UBND {at['kind']} {at['name']}"
            out.writerow([who, f"Cán bộ đo tải {number + 1}", "commune_staff", f"xa-{code}", name, "commune", code, f"do-tai-{number:04}"])
    print(f"{asked.clerks} clerks in {asked.write_clerks}; next: ansinh users import {asked.write_clerks} --codes codes.csv")
    raise SystemExit
if not asked.base:
    arguments.error("the address of the portal is missing")
host = urlsplit(asked.base).netloc
lock = threading.Lock()
# What each account of `--accounts` is given as its password: nobody works here but these clerks.
PASSWORD = "một câu dài chỉ để đo tải 42"
# Signing in is dear on purpose (argon2id): a few at a time, as in a morning.
doors = threading.Semaphore(4)
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
    def __init__(self, number, commune, account, start):
        super().__init__()
        self.draw = random.Random(number)
        self.cookie = f"vai-tro=u-xa-{commune}" if commune else ""
        self.account = account
        self.start_together = start
        self.until = 0.0
        self.http = http.client.HTTPConnection(host, timeout=30)

    def ask(self, kind, path, sent=None):
        headers = {"Host": host} | ({"Cookie": self.cookie} if self.cookie else {})
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
        # Behind a proxy the session's cookie bears a prefix; whatever it is called, it is sent back.
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie" and self.account:
                self.cookie = value.split(";")[0]
        return answer.status, text

    def sign_in(self):
        """With the one-time code, and a password chosen; where that was done before, with the password."""
        login, code = self.account["login"], self.account["code"]
        secret = PASSWORD
        with doors:
            status, _ = self.ask("sign in", "/dang-nhap", {"ten": login, "mat-khau": secret if self.account["known"] else code, "ma": "", "ve": "/viec"})
            if status != 303:
                raise OSError(f"{login} does not come in: {status}")
            if self.account["known"]:
                return
            status, page = self.ask("sign in", "/mat-khau")
            form = next(fields(page, "/mat-khau"), None)
            if status != 200 or form is None:
                raise OSError(f"{login} is not asked for a password: {status}")
            status, _ = self.ask("sign in", "/mat-khau", form | {"moi": secret, "lai": secret})
            if status != 303:
                raise OSError(f"{login} may not choose a password: {status}")

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
            if self.account:
                self.sign_in()
        except OSError as error:
            with lock:
                failed.append(("sign in", 0, str(error)))
            self.start_together.abort()
            return
        try:
            self.start_together.wait()
        except threading.BrokenBarrierError:
            return
        self.until = time.monotonic() + asked.seconds
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


accounts, communes, known = [], [], None
if asked.accounts:
    with open(asked.accounts, encoding="utf-8") as file:
        accounts = list(csv.DictReader(file))[: asked.clerks]
    assert len(accounts) == asked.clerks, f"{asked.accounts} has {len(accounts)} accounts, {asked.clerks} are asked for"
    # A file beside says that passwords were chosen; codes count once.
    known = pathlib.Path(asked.accounts + ".signed-in")
    accounts = [account | {"known": known.exists()} for account in accounts]
else:
    with_roles = http.client.HTTPConnection(host, timeout=30)
    with_roles.request("GET", "/vai-tro", headers={"Host": host})
    communes = re.findall(r'value="u-xa-(\d{5})"', with_roles.getresponse().read().decode())
    assert communes, "the portal offers no roles of communes; one that asks for accounts needs --accounts"
events = "SELECT count(*) FROM case_event WHERE what = '{}'"
before = {what: count(events.format(what)) for what in acknowledged} if asked.psql else {}
together = threading.Barrier(asked.clerks)
clerks = [
    Clerk(number, communes[number % len(communes)] if communes else None, accounts[number] if accounts else None, together)
    for number in range(asked.clerks)
]
for clerk in clerks:
    clerk.start()
for clerk in clerks:
    clerk.join()
if together.broken:
    raise SystemExit(f"not everybody came in: {failed[:3]}")
if known:
    known.touch()


def at(times, share):
    times = sorted(times)
    return round(times[min(len(times) - 1, int(len(times) * share))] * 1000, 1)


print(f"{asked.clerks} clerks, {asked.seconds} s, a request every {asked.pause} s each, {'signed in' if accounts else 'roles picked'}")
for kind, times in sorted(took.items()):
    print(f"{kind:<8} {len(times):>6} answers  p50 {at(times, .5):>7} ms  p95 {at(times, .95):>7} ms  p99 {at(times, .99):>7} ms")
# What a clerk waits for while working; signing in, once a morning, stands above by itself.
every = [one for kind, times in took.items() if kind != "sign in" for one in times]
print(f"all      {len(every):>6} answers  p50 {at(every, .5):>7} ms  p95 {at(every, .95):>7} ms  p99 {at(every, .99):>7} ms")
print("done:", acknowledged, "refused because somebody was quicker:", refused[0], "failed:", len(failed), failed[:3])
if asked.psql:
    after = {what: count(events.format(what)) - before[what] for what in acknowledged}
    lonely = count("SELECT count(*) FROM work_case c WHERE c.version <> (SELECT max(e.version) FROM case_event e WHERE e.case_id = c.id)")
    doubled = count("SELECT count(*) FROM (SELECT case_id, version FROM case_event WHERE what <> 'comment' GROUP BY 1, 2 HAVING count(*) > 1) d")
    print("in the store:", after, "cases whose version is not their last event's:", lonely, "versions written twice:", doubled)
    assert after == acknowledged and lonely == 0 and doubled == 0, "an update was lost or doubled"
    print("no update lost, none doubled")
