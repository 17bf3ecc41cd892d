// @camunda8/orchestration-cluster-api with strict validation of requests and responses: its job worker completes 1,000 jobs.
import assert from 'node:assert/strict';
import { createCamundaClient } from '@camunda8/orchestration-cluster-api';
import { until } from '../lib/server.mjs';

const jobs = 1000;
export const now = { consistency: { waitUpToMs: 0 } };

export function strictClient(url) {
  return createCamundaClient({
    config: { CAMUNDA_REST_ADDRESS: url, CAMUNDA_AUTH_STRATEGY: 'NONE', CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict' },
    log: { level: 'error' },
  });
}

export async function suite({ server, check }) {
  const client = strictClient(server.url);
  const seen = new Map();

  await check('deploys a model', async () => {
    const deployed = await client.deployResourcesFromFiles([new URL('../models/charge.bpmn', import.meta.url).pathname]);
    assert.equal(deployed.deployments[0].processDefinition.processDefinitionId, 'charge');
  });

  await check(`starts ${jobs} instances`, async () => {
    for (let begun = 0; begun < jobs; begun += 50) {
      await Promise.all(
        Array.from({ length: 50 }, (_, i) =>
          client.createProcessInstance({ processDefinitionId: 'charge', variables: { order: begun + i, amount: 10.5 } }),
        ),
      );
    }
    assert.equal(await server.count('process-instances', { state: 'ACTIVE' }), jobs);
  });

  await check(`a worker completes ${jobs} jobs, each once`, async () => {
    const worker = client.createJobWorker({
      jobType: 'charge',
      workerName: 'npm-v2',
      maxParallelJobs: 32,
      jobTimeoutMs: 60_000,
      jobHandler: async (job) => {
        seen.set(job.variables.order, (seen.get(job.variables.order) ?? 0) + 1);
        assert.equal(job.customHeaders.currency, 'EUR');
        assert.equal(job.variables.amount, 10.5);
        return job.complete({ charged: true });
      },
    });
    await until(async () => (await server.count('process-instances', { state: 'COMPLETED' })) === jobs, 300, 'all are completed');
    worker.stop();
    assert.equal(seen.size, jobs);
    assert.ok([...seen.values()].every((times) => times === 1));
  });

  await check('what they set is there, and nothing is left', async () => {
    assert.equal(await server.count('variables', { name: 'charged', value: 'true' }), jobs);
    assert.equal(await server.count('jobs', { state: { $neq: 'COMPLETED' } }), 0);
    assert.equal(await server.count('incidents', {}), 0);
  });

  await check('a worker that finds nothing waits instead of asking again and again', async () => {
    let polls = 0;
    const counting = createCamundaClient({
      config: { CAMUNDA_REST_ADDRESS: server.url, CAMUNDA_AUTH_STRATEGY: 'NONE', CAMUNDA_SDK_VALIDATION: 'req:strict,res:strict' },
      log: { level: 'error' },
      fetch: (input, init) => {
        polls += String(input.url ?? input).includes('/jobs/activation') ? 1 : 0;
        return fetch(input, init);
      },
    });
    const worker = counting.createJobWorker({ jobType: 'nothing', workerName: 'idle', maxParallelJobs: 1, jobTimeoutMs: 1000, jobHandler: (job) => job.complete() });
    await new Promise((resolve) => setTimeout(resolve, 2500));
    worker.stop();
    assert.ok(polls <= 3, `${polls} polls in 2.5 s`);
  });
}
