"""Declare a use, upload a recording, wait, save what was found. Python 3.11 or newer, nothing to install.

API_TOKEN=edt_... SUBJECT=P-014 python example_client.py https://ed.example Pitches use.json pitch.mp4 results
"""

import json
import os
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

SERVER, PROJECT, USE, VIDEO, FOLDER = *sys.argv[1:3], *map(Path, sys.argv[3:6])
API = f"{SERVER.rstrip('/')}/api/v1"


def call(method, url, told=None, file=None):
    """The answer's JSON, or None. A refusal ends the program with its sentence."""
    headers = {"Authorization": f"Bearer {os.environ['API_TOKEN']}", "Content-Type": "application/json"}
    body = file.open("rb") if file else told and json.dumps(told).encode()
    if file:
        headers |= {"Content-Type": "application/octet-stream", "Content-Length": str(file.stat().st_size)}
    request = urllib.request.Request(url, body, headers, method=method)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        problem = json.load(error)
        if error.code == 429:
            time.sleep(int(error.headers["Retry-After"]))
            return call(method, url, told, file)
        sys.exit(f"{problem['code']}: {problem['detail']} {problem.get('errors', '')}")


def everything(url):
    """The rows of a list, page by page."""
    while url:
        page = call("GET", url)
        yield from page["results"]
        url = page["next"]


found = [one for one in everything(f"{API}/projects/") if one["name"] == PROJECT]
project = found[0] if found else call("POST", f"{API}/projects/", {"name": PROJECT})
uses = f"{API}/projects/{project['id']}/uses/"
use = next(everything(uses), None) or call("POST", uses, json.loads(USE.read_text()))
if use["state"] != "allowed":
    sys.exit(f"{use['state']}: {' '.join(rule['reason'] for rule in use['rules'])}")
file = {"project": project["id"], "file_name": VIDEO.name, "size": VIDEO.stat().st_size}
upload = call("POST", f"{API}/uploads/", file | {"subject": os.environ.get("SUBJECT", "")})
call("PUT", upload["content_url"], file=VIDEO)
run = (recording := call("POST", upload["finish_url"]))["run"]
if run is None:  # it is kept, and its analysis begins by itself once nothing is missing any more
    sys.exit("\n".join(f"{one['code']}: {one['detail']}" for one in recording["missing"]))
while not run["is_final"]:
    time.sleep(2)
    run = call("GET", f"{API}/runs/{run['id']}/")
    print(run["state"], run["frames_done"], "frames")
if run["state"] != "done":
    sys.exit(f"{run['state']}: {run['error'] and run['error']['detail']}")

FOLDER.mkdir(parents=True, exist_ok=True)
results = f"{API}/runs/{run['id']}"
(FOLDER / "summary.json").write_text(json.dumps(call("GET", f"{results}/summary/"), indent=1))
(FOLDER / "events.json").write_text(json.dumps(list(everything(f"{results}/events/")), indent=1))
for kind in ("csv", "pdf") if call("GET", f"{results}/report/")["state"] == "ready" else ("csv",):
    link = call("GET", f"{results}/files/{kind}/")["url"]  # good for a minute, and without the token
    urllib.request.urlretrieve(link, FOLDER / f"{kind}.{kind}")
print("saved in", FOLDER)
