#!/usr/bin/python3
"""What scripts/demo.sh shows: a lead becomes a paid order through an approval and an ERP outage; another order is undone.

    demo.py [--sandbox] [--keep]      --keep: leave the engine running at the end, to look around
"""
import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime

from servers import ROOT, SECRETS, Servers
from world import World


def when(text):
    return datetime.fromisoformat(text.replace('Z', '+00:00')) if text else None


def timeline(fermata, key, indent=''):
    """Prints what an instance did, in order, with the processes it called below it."""
    items = fermata.search('element-instances', processInstanceKey=key)
    items.sort(key=lambda e: (e['startDate'], int(e['elementInstanceKey'])))
    begun = when(items[0]['startDate']) if items else None
    for item in items:
        if item['type'] in ('PROCESS', 'START_EVENT', 'EXCLUSIVE_GATEWAY', 'EVENT_BASED_GATEWAY'):
            continue
        offset = (when(item['startDate']) - begun).total_seconds()
        end = when(item['endDate'])
        took = f'{(end - when(item["startDate"])).total_seconds():7.2f} s' if end else '   open  '
        print(f'{indent}{offset:8.2f} s {took}  {item["state"].lower():10} {item["elementName"]}')
        if item.get('calledProcessInstanceKey'):
            timeline(fermata, item['calledProcessInstanceKey'], indent + '    ')


def outage(servers, world, reference, seconds):
    """The ERP goes down just when the order reaches it, and comes back."""
    while not servers.fermata.search('process-instances', processDefinitionId='order-to-cash'):
        time.sleep(0.05)
    servers.set_faults(1, ['503', 'drop', 'refuse'], ['erp'])
    world.say(f'{reference}: (the ERP goes down)')
    time.sleep(seconds)
    counts = servers.set_faults(0, servers=['erp'])['erp']
    world.say(f'{reference}: (the ERP is back; {sum(n for kind, n in counts.items() if kind != "passed")} calls had failed)')


def play(servers, sandbox):
    fermata = servers.fermata
    print(servers.deploy())
    world = World(fermata, SECRETS, say=lambda text: print(f'   {text}', flush=True))
    print('1. A lead becomes a paid order: a discount that needs approval, an ERP that goes down for a while')
    world.lead('1001', 'paid', discount=15, quantity=4, name='Ann Miller', email='Ann.Miller@Example.test')
    thread = threading.Thread(target=outage, args=(servers, world, 'LEAD-1001', 5), daemon=True)
    thread.start()
    good = world.run_until_finished(180)
    thread.join(timeout=30)
    print('2. The same customer again, but she cancels after the invoice: everything is undone, last first')
    world.lead('1002', 'cancelled', quantity=3, name='Ann Miller', email='ann.miller@example.test')
    good = world.run_until_finished(180) and good
    for reference, keys in sorted(world.instances().items()):
        for key in keys:
            print(f'\n{reference}: instance {key}')
            timeline(fermata, key)
    print('\nWhat the ERP and the CRM say themselves:')
    checked = subprocess.run([sys.executable, os.path.join(ROOT, 'examples/erp/check_deals.py'), 'LEAD-1001=paid', 'LEAD-1002=cancelled'])
    if not good:
        for incident in fermata.search('incidents', state='ACTIVE'):
            print(f'incident at {incident["elementId"]}: {incident["errorMessage"]}', file=sys.stderr)
        print('not every instance ended in time', file=sys.stderr)
    return good and checked.returncode == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--sandbox', action='store_true', help='a stand-in for the ERP and the CRM instead of two Tryton servers')
    parser.add_argument('--keep', action='store_true', help='leave the engine running until Enter is pressed')
    options = parser.parse_args()
    data = tempfile.mkdtemp(prefix='fermata-demo-')
    with Servers(data, sandbox=options.sandbox, faults=True) as servers:
        good = play(servers, options.sandbox)
        if options.keep:
            input(f'\nThe engine answers on http://127.0.0.1:{servers.port}; Enter ends it. ')
    if not good:
        print(f'The log and the store are kept in {data}', file=sys.stderr)
        return 1
    shutil.rmtree(data, ignore_errors=True)
    print('''
Where to look next
   processes/library/            the two process models: open them in Camunda Modeler
   examples/erp/fermata.toml     how the engine was told about the ERP, the CRM and the webhooks
   docs/OPERATIONS.md            find, mend and retry what is stuck
   scripts/demo.sh --keep        the same, with the engine left running''')
    return 0


if __name__ == '__main__':
    sys.exit(main())
