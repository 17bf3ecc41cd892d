"""The commands of the run: a generator that yields Command and is sent the answer. The same every time, but for the keys.

Each command has a fact: SQL that counts 1 when its effect is there and 0 when it is not. A command with an id (Idempotency-Key or
message id) is repeated with that id when its outcome is unknown. The activation of jobs has none: who is unsure searches for the
jobs of its worker name.
"""
import json

HEAD = ('<?xml version="1.0" encoding="UTF-8"?><bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">')


def job(name, kind, inside=''):
    return (f'<bpmn:serviceTask id="{name}"><bpmn:extensionElements><zeebe:taskDefinition type="{kind}"/></bpmn:extensionElements>'
            f'{inside}</bpmn:serviceTask>')


def flows(*pairs):
    return ''.join(f'<bpmn:sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(pairs))


def process(name, body, before=''):
    return f'{HEAD}{before}<bpmn:process id="{name}" isExecutable="true"><bpmn:startEvent id="start"/>{body}</bpmn:process></bpmn:definitions>'


def message(name):
    return (f'<bpmn:message id="m_{name}" name="{name}"><bpmn:extensionElements><zeebe:subscription correlationKey="=orderId"/>'
            '</bpmn:extensionElements></bpmn:message>')


# A user task with a deadline, a call, then a job and a message side by side.
ORDER = process('order', (
    '<bpmn:userTask id="approve"><bpmn:extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="sales"/>'
    '</bpmn:extensionElements></bpmn:userTask><bpmn:boundaryEvent id="late" attachedToRef="approve"><bpmn:timerEventDefinition>'
    '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">PT8H</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>'
    '<bpmn:callActivity id="check"><bpmn:extensionElements><zeebe:calledElement processId="checked" propagateAllChildVariables="false"/>'
    '</bpmn:extensionElements></bpmn:callActivity><bpmn:parallelGateway id="fork"/>' + job('pack', 'pack') +
    '<bpmn:intermediateCatchEvent id="paid"><bpmn:messageEventDefinition messageRef="m_paid"/></bpmn:intermediateCatchEvent>'
    '<bpmn:parallelGateway id="join"/><bpmn:endEvent id="end"/><bpmn:endEvent id="too_late"/>' +
    flows(('start', 'approve'), ('approve', 'check'), ('check', 'fork'), ('fork', 'pack'), ('fork', 'paid'), ('pack', 'join'),
          ('paid', 'join'), ('join', 'end'), ('late', 'too_late'))), message('paid'))
CHECKED = process('checked', job('check', 'check') + '<bpmn:endEvent id="end"/>' + flows(('start', 'check'), ('check', 'end')))
MANY = process('many', job('each', 'each', (
    '<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="=items" '
    'inputElement="item" outputCollection="results" outputElement="=r"/></bpmn:extensionElements>'
    '</bpmn:multiInstanceLoopCharacteristics>')) + '<bpmn:endEvent id="end"/>' + flows(('start', 'each'), ('each', 'end')))
LEAD = (HEAD + '<bpmn:message id="m_lead" name="lead"/>' + message('answer') + '<bpmn:process id="lead" isExecutable="true"><bpmn:startEvent id="start">'
        '<bpmn:messageEventDefinition messageRef="m_lead"/></bpmn:startEvent><bpmn:intermediateCatchEvent id="answer">'
        '<bpmn:messageEventDefinition messageRef="m_answer"/></bpmn:intermediateCatchEvent><bpmn:endEvent id="end"/>' +
        flows(('start', 'answer'), ('answer', 'end')) + '</bpmn:process></bpmn:definitions>')


# A decision that requires another, and a process that asks it.
REBATE = ('<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="rebates" name="rebates" '
          'namespace="n"><decision id="large" name="large"><literalExpression><text>amount &gt; 1000</text></literalExpression></decision>'
          '<decision id="rebate" name="rebate"><informationRequirement><requiredDecision href="#large"/></informationRequirement><decisionTable>'
          '<input><inputExpression><text>large</text></inputExpression></input><input><inputExpression><text>amount</text></inputExpression></input>'
          '<output/><rule><inputEntry><text>true</text></inputEntry><inputEntry><text>-</text></inputEntry><outputEntry><text>3</text>'
          '</outputEntry></rule></decisionTable></decision></definitions>')
DECIDED = process('decided', ('<bpmn:businessRuleTask id="decide"><bpmn:extensionElements><zeebe:calledDecision decisionId="rebate" '
                              'resultVariable="rebate"/></bpmn:extensionElements></bpmn:businessRuleTask><bpmn:userTask id="look"/>') +
                  flows(('start', 'decide'), ('decide', 'look')))


class Command:
    def __init__(self, number, kind, method, path, body, fact, message_id=None, worker=None, file=None):
        self.number, self.kind, self.method, self.path, self.body = number, kind, method, path, body
        self.fact, self.message_id, self.worker, self.file = fact, message_id, worker, file
        # The id under which the answer is remembered; None: an activation.
        self.id = None if worker else message_id or f'command-{number}'


class Workload:
    def __init__(self):
        self.number = 0

    def _next(self, kind, method, path, body, fact, **more):
        self.number += 1
        return Command(self.number, kind, method, path, body, fact, **more)

    def deploy(self, name, xml):
        return self._next('deploy', 'POST', '/v2/deployments', xml, ('SELECT count(*) FROM resource WHERE name = ?', name), file=name)

    def create(self, process_id, variables):
        tag = f'i{self.number + 1}'
        body = {'processDefinitionId': process_id, 'variables': {'tag': tag, **variables}}
        return self._next('create', 'POST', '/v2/process-instances', body, (
            'SELECT count(*) FROM variable v JOIN process_instance i ON i.key = v.instance AND i.parent = 0 AND v.scope = i.key '
            "WHERE v.name = 'tag' AND v.value = ?", json.dumps(tag)))

    def activate(self, kind):
        worker = f'worker-{self.number + 1}'
        body = {'type': kind, 'worker': worker, 'timeout': 86_400_000, 'maxJobsToActivate': 1}
        return self._next('activate', 'POST', '/v2/jobs/activation', body, ('SELECT count(*) FROM job WHERE worker = ?', worker), worker=worker)

    def complete(self, key, variables):
        return self._next('complete', 'POST', f'/v2/jobs/{key}/completion', {'variables': variables},
                          ('SELECT count(*) FROM job WHERE key = ? AND status = 5', int(key)))

    def fail(self, key):
        return self._next('fail', 'POST', f'/v2/jobs/{key}/failure', {'retries': 0, 'errorMessage': 'ERP down'},
                          ('SELECT count(*) FROM incident WHERE job = ?', int(key)))

    def resolve(self, incident):
        return self._next('resolve', 'POST', f'/v2/incidents/{incident}/resolution', {},
                          ('SELECT count(*) FROM incident WHERE key = ? AND status = 2', int(incident)))

    def set(self, scope):
        name = f'set_{self.number + 1}'
        return self._next('set', 'PUT', f'/v2/element-instances/{scope}/variables', {'variables': {name: self.number}},
                          ('SELECT count(*) FROM variable WHERE name = ? AND scope = ?', name, int(scope)))

    def assign(self, task):
        who = f'person-{self.number + 1}'
        return self._next('assign', 'POST', f'/v2/user-tasks/{task}/assignment', {'assignee': who},
                          ('SELECT count(*) FROM user_task WHERE assignee = ?', who))

    def finish(self, task, variables):
        return self._next('finish', 'POST', f'/v2/user-tasks/{task}/completion', {'variables': variables},
                          ('SELECT count(*) FROM user_task WHERE key = ? AND status = 3', int(task)))

    def cancel(self, instance):
        return self._next('cancel', 'POST', f'/v2/process-instances/{instance}/cancellation', {},
                          ('SELECT count(*) FROM process_instance WHERE key = ? AND status = 3', int(instance)))

    def evaluate(self):
        amount = 100_000 + self.number
        return self._next('evaluate', 'POST', '/v2/decision-definitions/evaluation', {'decisionDefinitionId': 'rebate', 'variables': {'amount': amount}}, (
            "SELECT count(*) FROM decision_instance WHERE instance = 0 AND decision_id = 'rebate' AND result = '3' AND inputs LIKE ?",
            f'%"value":{amount}}}%'))

    def publish(self, name, key, variables):
        message_id = f'message-{self.number + 1}'
        body = {'name': name, 'correlationKey': key, 'timeToLive': 86_400_000, 'messageId': message_id, 'variables': variables}
        return self._next('publish', 'POST', '/v2/messages/publication', body,
                          ('SELECT count(*) FROM message WHERE message_id = ?', message_id), message_id=message_id)

    def run(self, rounds):
        """Yields Command, or ('search', what, filter) whose answer is the list of items."""
        for name, xml in (('checked.bpmn', CHECKED), ('order.bpmn', ORDER), ('many.bpmn', MANY), ('lead.bpmn', LEAD), ('rebate.dmn', REBATE),
                          ('decided.bpmn', DECIDED)):
            yield self.deploy(name, xml)
        for n in range(rounds):
            yield from self.order(n)
            yield from self.many()
            yield from self.lead(n)
            if n % 3 == 0:
                yield self.create('decided', {'amount': 2_000 + n})
                yield self.evaluate()

    def take(self, kind):
        jobs = (yield self.activate(kind))['jobs']
        return jobs[0]['jobKey']

    def order(self, n):
        order_id = f'o-{n}'
        instance = (yield self.create('order', {'orderId': order_id, 'amount': 12.5}))['processInstanceKey']
        task = (yield ('search', 'user-tasks', {'processInstanceKey': instance}))[0]['userTaskKey']
        yield self.assign(task)
        yield self.set(instance)
        if n % 4 == 3:
            yield self.cancel(instance)
            return
        yield self.finish(task, {'approved': True})
        key = yield from self.take('check')
        yield self.complete(key, {'fine': True})
        if n % 2:  # the message is early or late
            yield self.publish('paid', order_id, {'paid': n})
        key = yield from self.take('pack')
        yield self.fail(key)
        incident = (yield ('search', 'incidents', {'processInstanceKey': instance, 'state': 'ACTIVE'}))[0]['incidentKey']
        yield self.resolve(incident)
        key = yield from self.take('pack')
        yield self.complete(key, {'packed': n})
        if not n % 2:
            yield self.publish('paid', order_id, {'paid': n})

    def many(self):
        yield self.create('many', {'items': [1, 2]})
        for r in (1, 2):
            key = yield from self.take('each')
            yield self.complete(key, {'r': r})

    def lead(self, n):
        if n % 2:
            yield self.publish('answer', f'l-{n}', {'answer': n})
        yield self.publish('lead', f'l-{n}', {'orderId': f'l-{n}', 'tag': f'lead-{n}'})
        if not n % 2:
            yield self.publish('answer', f'l-{n}', {'answer': n})
