import assert from 'node:assert/strict';
import { test } from 'node:test';

import { loadView } from '../lib/models/load.js';

const NOTHING = {
  connections: null,
  connection: null,
  experiments: null,
  experiment: null,
  runs: null
};
const WISH = {
  choice: { connection: null, experiments: {} },
  search: '',
  limit: 100,
  thorough: false
};

/** A store with one connection that writes down what it was asked. */
function store(own = 'own') {
  const asked = [];
  return {
    asked,
    connections: async () => [
      { name: 'a', default: true, kernels: [], experiment: own }
    ],
    experiments: async name => {
      asked.push(['experiments', name]);
      return [{ id: '1', name: 'own' }];
    },
    runs: async (name, query) => {
      asked.push(['runs', name, query]);
      return { runs: [{ id: 'r' }], searched: 1, more: false };
    }
  };
}

async function load(api, wish = WISH, seen = NOTHING) {
  let view = seen;
  for await (const part of loadView(api, wish, view)) {
    view = { ...view, ...part };
  }
  return view;
}

test('the connection leads to its experiment and that to its runs', async () => {
  const api = store();
  const view = await load(api, { ...WISH, search: 'x' });
  assert.deepEqual(view.runs, [{ id: 'r' }]);
  assert.deepEqual(api.asked.at(-1), [
    'runs',
    'a',
    { experiment: '1', search: 'x', limit: 100 }
  ]);
});

test('known experiments are asked for again only when told to', async () => {
  const api = store();
  const seen = await load(api);
  await load(api, WISH, seen);
  assert.equal(api.asked.filter(([what]) => what === 'experiments').length, 1);
  await load(api, { ...WISH, thorough: true }, seen);
  assert.equal(api.asked.filter(([what]) => what === 'experiments').length, 2);
});

test('an experiment that a kernel has just named is looked for at once', async () => {
  const seen = await load(store());
  const api = store('brand new');
  await load(api, WISH, seen);
  assert.equal(api.asked[0][0], 'experiments');
});

test('another connection takes what belonged to the old one off the screen', async () => {
  const seen = { ...NOTHING, connection: 'old', runs: [{ id: 'old' }] };
  const first = await loadView(store(), WISH, seen).next();
  assert.equal(first.value.runs, null);
});

test('a store without connections or experiments asks for no runs', async () => {
  const none = { ...store(), connections: async () => [] };
  assert.equal((await load(none)).connection, null);
  const empty = { ...store(), experiments: async () => [] };
  assert.deepEqual((await load(empty)).runs, []);
  assert.deepEqual(empty.asked, []);
});
