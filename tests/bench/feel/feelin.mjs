// The same as feel_bench.cpp for npm's @bpmn-io/feelin: evaluations and compilations per second, a line for each expression.
//
//   node feelin.mjs FILE SECONDS
//
// feelin has no compiled form: its evaluate() reads the text each time, and is all that its users can call. As its "compiling" the time of
// its parser alone is shown, lezer-feel. (Without reading, an evaluation would take the difference of the two.)
import fs from 'node:fs';
import { evaluate, unaryTest } from '@bpmn-io/feelin';
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

const unwrapped = (result) => (result !== null && typeof result === 'object' && 'value' in result ? result.value : result);

// feelin knows no tables: the same as one with the hit policy UNIQUE, of its expressions and unary tests. A cell "-" is not asked.
function table({ inputs, rules }, context) {
  const values = inputs.map((input) => unwrapped(evaluate(input, context)));
  const matched = rules.filter((rule) => values.every((value, i) => rule[i] === '-' || unwrapped(unaryTest(rule[i], { ...context, '?': value })) === true));
  return matched.length === 1 ? evaluate(matched[0][inputs.length], context) : null;
}

for (const test of JSON.parse(fs.readFileSync(file, 'utf8'))) {
  const context = contextOf(test.context);
  const work = test.table ? () => table(test.table, context) : () => evaluate(test.expression, context);
  const texts = test.table ? [...test.table.inputs, ...test.table.rules.flat()] : [test.expression];
  const value = unwrapped(work());
  const same = typeof test.expected === 'string' ? value === test.expected : Number(value) === Number(test.expected);
  if (!same) {
    console.error(`feelin.mjs: ${test.name}: ${JSON.stringify(value)} instead of ${test.expected}`);
    process.exit(1);
  }
  const whole = perSecond(work);
  const parsing = perSecond(() => texts.forEach((text) => parser.parse(text)));
  console.log(`${test.name}|${Math.round(whole)}|${Math.round(parsing)}`);
}
