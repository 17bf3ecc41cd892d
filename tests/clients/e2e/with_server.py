#!/usr/bin/python3
"""Runs a command against a server of its own, and counts for the test report.

    with_server.py COMMAND...      {url}, {pid} and {token} in the command stand for the server's

The server is the shipped one with a token for everything (no --dev), on a port of its own and an empty store. When the command ends
with "A of B ..." that is turned into "A passed, B-A failed, 0 skipped"; otherwise its own last line counts.
"""
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
BINARY = os.environ.get('FERMATA_BIN', os.path.join(ROOT, 'build/release/cli/fermata'))
PORT = int(os.environ.get('FERMATA_PORT', 18081))
URL = f'http://127.0.0.1:{PORT}'


def ready():
    try:
        return urllib.request.urlopen(URL + '/health/ready', timeout=2).status == 200
    except OSError:
        return False


def main(command):
    if not command:
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory(prefix='fermata-server-') as data:
        made = subprocess.run([BINARY, 'token', 'create', 'tests', '--role', 'admin', '--data', data, '-o', 'json'], capture_output=True, text=True)
        token = re.search(r'"token"\s*:\s*"([^"]+)"', made.stdout)
        if made.returncode != 0 or not token:
            sys.exit(f'no token: {made.stdout}{made.stderr}')
        with open(os.path.join(data, 'server.log'), 'w+', encoding='utf-8') as log:
            server = subprocess.Popen([BINARY, 'serve', '--data', data, '--port', str(PORT)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
            try:
                end = time.monotonic() + 20
                while not ready():
                    if server.poll() is not None or time.monotonic() > end:
                        log.seek(0)
                        sys.exit(f'the server does not get ready: {log.read()[-2000:]}')
                    time.sleep(0.05)
                values = {'{url}': URL, '{pid}': str(server.pid), '{token}': token.group(1)}
                for place, value in values.items():
                    command = [part.replace(place, value) for part in command]
                done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
                print(done.stdout)
                if server.poll() is not None:
                    print(f'FAIL server: it ended with {server.returncode} during the test')
                    return 1
            finally:
                server.terminate()
                ended = server.wait(timeout=60)
            if ended != 0:
                log.seek(0)
                print(f'FAIL server: asked to end, it ended with {ended}: {log.read()[-2000:]}')
                return 1
    share = re.findall(r'^(\d+) of (\d+) ', done.stdout, re.MULTILINE)
    if share:
        good, total = map(int, share[-1])
        print(f'{good} passed, {total - good} failed, 0 skipped')
    return done.returncode


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
