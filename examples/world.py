"""The people and the systems around the two processes, played by a script: customers, sales, credit control, the bank.

    world = World(fermata, {'lead': SECRET, 'payment': SECRET}); world.lead('LEAD-1', ...); world.run_until_finished()

Everything it does may be done again: leads and payments carry delivery ids, messages carry message ids, tasks are completed once by
nature. So it just tries again when the engine is down, as real people and real senders do.
"""
import os
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), 'erp'))
from fermata_client import Refused, Unreachable  # noqa: E402
from tryton_client import Tryton, TrytonError, number  # noqa: E402


class World:
    def __init__(self, fermata, secrets, say=print):
        self.fermata, self.secrets, self.say = fermata, secrets, say
        self.erp = Tryton('erp')
        self.deals = {}   # reference -> how it goes
        self.done = set()  # what was done and acknowledged, so that it is not tried again

    def lead(self, identifier, outcome='paid', discount=5, quantity=2, sku='WIDGET-A', name=None, email=None):
        """outcome: paid, cancelled (after the invoice), lost (not qualified) or declined (by the customer)."""
        name = name or f'Customer of {identifier}'
        email = email or f'{identifier}@customers.example'.lower()
        self.deals[f'LEAD-{identifier}'] = {
            'outcome': outcome, 'discount': discount, 'quantity': quantity,
            'lead': {'id': identifier, 'name': name, 'email': email, 'street': '9 Elm Street', 'city': 'Austin', 'postalCode': '73301',
                     'sku': sku, 'quantity': quantity, 'text': f'{quantity} times {sku}, please'}}

    # --- one round of everybody doing what they can ------------------------------------------------------------------------
    def once(self, key, action, saying=None):
        if key in self.done:
            return
        try:
            action()
        except Unreachable:
            return
        self.done.add(key)
        if saying:
            self.say(saying)

    def send_leads(self):
        for reference, deal in self.deals.items():
            self.once(('lead', reference), lambda: self.fermata.webhook('lead', reference, deal['lead'], self.secrets['lead']),
                      f'{reference}: the web site sends the lead, signed')

    def answer_quotations(self):
        for reference, deal in self.deals.items():
            if deal['outcome'] != 'lost':
                answer = 'decline' if deal['outcome'] == 'declined' else 'accept'
                self.once(('answer', reference), lambda: self.fermata.publish('customer.answered', reference, f'answer-{reference}', {'answer': answer}))

    def work_on_tasks(self):
        for task in self.fermata.search('user-tasks', state='CREATED'):
            variables = self.fermata.variables_of(task)
            reference = (variables.get('identity') or variables.get('deal') or {}).get('reference')
            if reference in self.deals:
                self.complete(task, reference, self.deals[reference])

    def complete(self, task, reference, deal):
        element = task['elementId']
        if element in ('qualify', 'take-over'):
            answer = {'qualified': deal['outcome'] != 'lost', 'quantity': deal['quantity'], 'discountPercent': deal['discount'], 'qualifiedBy': 'sue'}
            saying = f'sue qualifies the lead, discount {deal["discount"]} percent'
        elif element == 'approve-discount':
            answer, saying = {'approved': True, 'approvedBy': 'max'}, 'max approves the discount'
        elif element == 'decide-sale':
            self.raise_credit_limit(reference)
            answer, saying = {'decision': 'retry'}, 'credit control raises the limit in the ERP and tries again'
        else:
            answer, saying = {'decision': 'retry'}, f'somebody looks after "{task["name"]}" and tries again'
        try:
            self.fermata.complete(task, answer)
            self.say(f'{reference}: {saying}')
        except Refused as refused:
            if refused.status not in (404, 409):
                raise

    def raise_credit_limit(self, reference):
        sale = self.erp.find('sale.sale', [['reference', '=', reference]], 'party')[0]
        Tryton('erp', 'supervisor').model('party.party', 'write', [sale['party']], {'credit_limit_amount': {'__class__': 'Decimal', 'decimal': '100000'}})

    def pay_or_cancel(self):
        """The bank and the customers look at posted invoices, in the ERP itself."""
        waiting = [r for r, d in self.deals.items() if d['outcome'] in ('paid', 'cancelled') and ('money', r) not in self.done]
        for sale in self.erp.find('sale.sale', [['reference', 'in', waiting]], 'reference', 'invoices') if waiting else []:
            reference = sale['reference']
            for invoice in self.erp.model('account.invoice', 'read', sale['invoices'], ['number', 'state', 'amount_to_pay']):
                if invoice['state'] != 'posted':
                    continue
                if self.deals[reference]['outcome'] == 'paid':
                    payload = {'id': f'pay-{reference}', 'invoice': invoice['number'], 'amount': number(invoice['amount_to_pay'])}
                    self.once(('money', reference), lambda: self.fermata.webhook('payment', payload['id'], payload, self.secrets['payment']),
                              f'{reference}: the bank reports {payload["amount"]} for {payload["invoice"]}, signed')
                else:
                    self.once(('money', reference), lambda: self.fermata.publish('order.cancelled', reference, f'cancel-{reference}', {}),
                              f'{reference}: the customer cancels after the invoice')

    def round(self):
        try:
            self.send_leads()
            self.answer_quotations()
            self.work_on_tasks()
            self.pay_or_cancel()
        except Unreachable:
            pass

    # --- waiting -----------------------------------------------------------------------------------------------------------
    def instances(self):
        """reference -> the instance of lead-to-order that works on it."""
        found = {}
        for variable in self.fermata.search('variables', name='identity'):
            for reference in self.deals:
                if f'"{reference}"' in variable['value']:
                    found.setdefault(reference, set()).add(variable['processInstanceKey'])
        return found

    def finished(self):
        try:
            started = len(self.fermata.search('process-instances', processDefinitionId='lead-to-order'))
            active = len(self.fermata.search('process-instances', state='ACTIVE'))
            return started >= len(self.deals) and active == 0
        except (Unreachable, Refused):
            return False

    def run_until_finished(self, seconds, pause=0.2):
        """True when every instance has ended within the time."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                self.round()
            except (OSError, TrytonError) as error:
                self.say(f'(the ERP does not answer the script: {error})')
            if self.finished():
                return True
            time.sleep(pause)
        return False
