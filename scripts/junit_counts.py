#!/usr/bin/python3
"""Counts a JUnit file of ctest: prints "passed failed skipped" and, on standard error, a line for each failure and each reason to skip.

    junit_counts.py build/test-results/release.xml LOG

When the file is not there (ctest crashed or ran out of time), that is one failure.
"""
import collections
import re
import sys
import xml.etree.ElementTree as ET


def reason_of(case):
    """What GTEST_SKIP() << "..." said, out of the test's output."""
    output = case.findtext('system-out') or ''
    found = re.search(r'Skipped\n(.+)', output)
    return found.group(1).strip() if found else 'no reason given'


def main(path, log):
    try:
        cases = ET.parse(path).getroot().iter('testcase')
    except (OSError, ET.ParseError) as error:
        print(f'FAIL ctest: no result ({error}), see {log}', file=sys.stderr)
        print('0 1 0')
        return
    passed, failed, skipped = 0, 0, collections.Counter()
    for case in cases:
        status = case.get('status')
        if status == 'run' and case.find('failure') is None:
            passed += 1
        elif case.find('skipped') is not None or status in ('notrun', 'disabled'):
            skipped[reason_of(case) if status != 'disabled' else 'disabled'] += 1
        else:
            failed += 1
            print(f'FAIL {case.get("name")}', file=sys.stderr)
    for reason, count in skipped.most_common():
        print(f'SKIP {count} tests: {reason}', file=sys.stderr)
    if passed + failed + sum(skipped.values()) == 0:
        print(f'FAIL ctest: no tests were found, see {log}', file=sys.stderr)
        failed = 1
    print(passed, failed, sum(skipped.values()))


if __name__ == '__main__':
    main(*sys.argv[1:3])
