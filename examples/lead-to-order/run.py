#!/usr/bin/python3
"""One lead, from the web site's signed webhook to a paid order.   run.py [--tryton]   (default: the stand-in for ERP and CRM)"""
import os
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..'))
from demo import timeline  # noqa: E402
from servers import SECRETS, Servers  # noqa: E402
from world import World  # noqa: E402

with tempfile.TemporaryDirectory() as data, Servers(data, sandbox='--tryton' not in sys.argv) as servers:
    servers.deploy()
    world = World(servers.fermata, SECRETS)
    world.lead('7', 'paid', discount=15, quantity=2)
    finished = world.run_until_finished(120)
    for key in world.instances().get('LEAD-7', ()):
        timeline(servers.fermata, key)
    sys.exit(0 if finished else 'the lead was not played through within two minutes')
