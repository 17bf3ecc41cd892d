#!/usr/bin/python3
"""Runs what a new user runs first: every examples/*/run.py, and the demo, all on the stand-in for ERP and CRM.

Needs the built program in FERMATA_BIN. The last line is "N passed, N failed, N skipped".
"""
import glob
import os
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def main():
    commands = {path.split(os.sep)[-2]: [sys.executable, path] for path in sorted(glob.glob(os.path.join(ROOT, 'examples/*/run.py')))}
    commands['demo'] = [sys.executable, os.path.join(ROOT, 'examples/demo.py'), '--sandbox']
    passed = failed = 0
    for name, command in commands.items():
        begun = time.monotonic()
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=400)
            status, output = done.returncode, done.stdout
        except subprocess.TimeoutExpired as late:
            status, output = 'no end within 400 s', (late.stdout or b'').decode(errors='replace')
        if status == 0:
            passed += 1
            print(f'ok   {name} ({time.monotonic() - begun:.0f} s)')
        else:
            failed += 1
            print(f'FAIL {name}: ended with {status}; its last lines:\n' + '\n'.join('     ' + line for line in output.splitlines()[-15:]))
    print(f'{passed} passed, {failed} failed, 0 skipped')
    return 1 if failed else 0


if __name__ == '__main__':
    sys.exit(main())
