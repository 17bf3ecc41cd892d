// The same as feel_bench.cpp for npm's @bpmn-io/feelin: evaluations and compilations per second, a line for each expression.
//
//   node feelin.mjs FILE SECONDS
//
// feelin has no compiled form: its evaluate() reads the text each time, and is all that its users can call. As its "compiling" the time of
// its parser alone is shown, lezer-feel. (Without reading, an evaluation would take the difference of the two.)
import fs from 'node:fs';
import { evaluate } from '@bpmn-io/feelin';
import { parser } from '@bpmn-io/lezer-feel';

const [file, seconds] = [process.argv[2], Number(process.argv[3])];

const orders = (count) =>
  Array.from({ length: count }, (_, i) => ({ id: i + 1, total: 10 * (i + 1), status: (i + 1) % 2 ? 'open' : 'closed' }));
const contextOf = (given) => Object.fromEntries(Object.entries(given).map(([key, value]) => [key, key === 'orders' ? orders(value) : value]));

function perSecond(work) {
  const round = 20;
  for (let i = 0; i < 200; ++i) work();
  let done = 0;
  const begun = performance.now();
  let taken = 0;
  while (taken < seconds * 1000) {
    for (let i = 0; i < round; ++i) work();
    done += round;
    taken = performance.now() - begun;
  }
  return (done / taken) * 1000;
}

for (const test of JSON.parse(fs.readFileSync(file, 'utf8'))) {
  const context = contextOf(test.context);
  const result = evaluate(test.expression, context);
  const value = result !== null && typeof result === 'object' && 'value' in result ? result.value : result;
  if (Number(value) !== Number(test.expected)) {
    console.error(`feelin.mjs: ${test.name}: ${JSON.stringify(result)} instead of ${test.expected}`);
    process.exit(1);
  }
  const whole = perSecond(() => evaluate(test.expression, context));
  const parsing = perSecond(() => parser.parse(test.expression));
  console.log(`${test.name}|${Math.round(whole)}|${Math.round(parsing)}`);
}
