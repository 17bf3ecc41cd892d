// camunda-external-task-client-js, as it comes: deploys over /engine-rest, and its worker completes 1,000 tasks.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Client, Variables } from 'camunda-external-task-client-js';
import { until } from '../lib/server.mjs';

const tasks = 1000;

export async function suite({ server, check }) {
  const rest = `${server.url}/engine-rest`;
  const seen = new Map();
  const problems = [];
  let fail = true;
  let definitionId;

  await check('what the desktop modeler asks and does', async () => {
    assert.deepEqual((await server.send('GET', '/engine-rest/deployment?maxResults=0')).body, []);
    assert.match((await server.send('GET', '/engine-rest/version')).body.version, /^7\./);
    assert.deepEqual((await server.send('GET', '/engine-rest/engine')).body, [{ name: 'default' }]);
    const form = new FormData();
    form.set('deployment-name', 'external');
    form.set('deployment-source', 'Camunda Modeler');
    form.set('enable-duplicate-filtering', 'true');
    form.set('external.bpmn', new Blob([readFileSync(new URL('../models/external.bpmn', import.meta.url))], { type: 'text/xml' }), 'external.bpmn');
    const response = await fetch(`${rest}/deployment/create`, { method: 'POST', body: form });
    const deployed = await response.json();
    assert.equal(response.status, 200, JSON.stringify(deployed));
    definitionId = Object.keys(deployed.deployedProcessDefinitions)[0];
    assert.match(definitionId, /^external:1:\d+$/);
    assert.equal(response.headers.get('content-type'), 'application/json');
  });

  await check('refuses a model with the words that the modeler knows', async () => {
    const form = new FormData();
    form.set('bad.bpmn', new Blob(['<x/>']), 'bad.bpmn');
    const response = await fetch(`${rest}/deployment/create`, { method: 'POST', body: form });
    const body = await response.json();
    assert.equal(response.status, 400);
    assert.equal(body.type, 'ParseException');
    assert.ok(body.message.startsWith('ENGINE-09005 Could not parse BPMN process.'));
    assert.ok(body.details['bad.bpmn'].errors.length > 0);
  });

  await check('odd bodies of other clients: null, chunked, empty, Basic Og==, and errors with a body', async () => {
    const started = await server.send('POST', '/engine-rest/process-definition/key/external/start', { variables: null, businessKey: null });
    const fetched = await server.send('POST', '/engine-rest/external-task/fetchAndLock', { workerId: 'a', maxTasks: 1, topics: [{ topicName: 'ship', lockDuration: 60_000, variables: [] }] }, { Authorization: 'Basic Og==' });
    const task = fetched.body[0];
    assert.equal(fetched.type, 'application/json');
    assert.match(task.lockExpirationTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/);
    assert.equal(task.retries, null);
    assert.deepEqual(task.variables, {});
    const foreign = await server.send('POST', `/engine-rest/external-task/${task.id}/complete`, { workerId: 'b' });
    assert.equal(foreign.status, 400);
    assert.equal(foreign.body.message, `External Task ${task.id} cannot be completed by worker 'b'. It is locked by worker 'a'.`);
    assert.equal((await server.send('POST', `/engine-rest/external-task/${task.id}/unlock`, 'null')).status, 204);
    const chunked = await fetch(`${rest}/external-task/fetchAndLock`, {
      method: 'POST',
      duplex: 'half',
      headers: { 'Content-Type': 'application/json; charset=utf-8' },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"workerId":"c","maxTasks":1,"topics":'));
          controller.enqueue(new TextEncoder().encode('[{"topicName":"ship","lockDuration":1000}]}'));
          controller.close();
        },
      }),
    });
    assert.equal(chunked.status, 200);
    assert.equal((await chunked.json()).length, 1);
    const missing = await server.send('POST', '/engine-rest/external-task/999/complete', { workerId: 'a' });
    assert.equal(missing.status, 404);
    assert.deepEqual(missing.body, { type: 'RestException', message: 'External task with id 999 does not exist', code: null });
    assert.equal((await server.send('DELETE', `/engine-rest/process-instance/${started.body.id}`)).status, 204);
    const nothing = await server.send('GET', '/engine-rest/no-such-thing');
    assert.equal(nothing.status, 404);
    assert.equal(typeof nothing.body.message, 'string');
  });

  await check(`starts ${tasks} instances`, async () => {
    for (let begun = 0; begun < tasks; begun += 50) {
      const answers = await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          server.send('POST', begun === 0 ? `/engine-rest/process-definition/${definitionId}/start` : '/engine-rest/engine/default/process-definition/key/external/start/', {
            businessKey: `order-${begun + i}`,
            variables: { order: { value: begun + i, type: 'Integer' }, when: { value: '2026-01-01T00:00:00.000+0000', type: 'Date' }, lines: { value: '[{"sku":"a"}]', type: 'Json' } },
          }),
        ),
      );
      for (const answer of answers) assert.equal(answer.status, 200, answer.text);
    }
  });

  await check(`a worker completes ${tasks} tasks, each once`, async () => {
    const client = new Client({ baseUrl: rest, workerId: 'npm-c7', maxTasks: 32, asyncResponseTimeout: 5000, interval: 50 });
    client.on('handleFailure:error', (task, error) => problems.push(error));
    client.on('complete:error', (task, error) => problems.push(error));
    client.on('poll:error', (error) => problems.push(error));
    client.subscribe('ship', { lockDuration: 60_000 }, async ({ task, taskService }) => {
      const order = task.variables.get('order');
      if (order === 3 && fail) {
        fail = false;
        await taskService.handleFailure(task, { errorMessage: 'not now', errorDetails: 'the truck is late', retries: 2, retryTimeout: 100 });
        return;
      }
      seen.set(order, (seen.get(order) ?? 0) + 1);
      assert.deepEqual(task.variables.get('lines'), [{ sku: 'a' }]);
      assert.equal(task.businessKey, `order-${order}`);
      if (order === 5) await taskService.extendLock(task, 120_000);
      const done = new Variables();
      done.set('shipped', true);
      done.set('weight', 1.25);
      await taskService.complete(task, done);
    });
    await until(async () => (await server.count('process-instances', { state: 'COMPLETED' })) === tasks, 300, 'all are completed');
    client.stop();
    assert.equal(problems.length, 0, String(problems[0]));
    assert.equal(seen.size, tasks);
    assert.ok([...seen.values()].every((times) => times === 1));
    assert.equal(await server.count('variables', { name: 'shipped', value: 'true' }), tasks);
  });

  await check('answers a preflight of a browser without a credential', async () => {
    const response = await fetch(`${rest}/version`, { method: 'OPTIONS', headers: { Origin: 'http://127.0.0.1:9999', 'Access-Control-Request-Method': 'GET' } });
    assert.ok(response.status < 300, String(response.status));
    assert.ok(response.headers.get('access-control-allow-origin'));
  });
}
