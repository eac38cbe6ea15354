import assert from 'node:assert/strict';
import { test } from 'node:test';

import { chosenConnection, chosenExperiment } from '../lib/models/choice.js';

const NO_CHOICE = { connection: null, experiments: {} };
const connection = (name, more = {}) => ({
  name,
  default: false,
  kernels: [],
  experiment: null,
  ...more
});
const kernel = since => ({ pid: 1, notebook: null, since });
const chosen = (connections, choice = NO_CHOICE) =>
  chosenConnection(connections, choice)?.name;

test('a live kernel comes before the default, the newest kernel first', () => {
  const all = [
    connection('plain'),
    connection('default', { default: true }),
    connection('old', { kernels: [kernel('2025-01-01T00:00:00Z')] }),
    connection('new', { kernels: [kernel('2025-01-02T00:00:00Z')] })
  ];
  assert.equal(chosen(all), 'new');
  assert.equal(chosen(all.slice(0, 2)), 'default');
  assert.equal(chosen(all.slice(0, 1)), 'plain');
  assert.equal(chosen([]), undefined);
});

test('what the user picked wins while it exists', () => {
  const all = [connection('a', { default: true }), connection('b')];
  assert.equal(chosen(all, { ...NO_CHOICE, connection: 'b' }), 'b');
  assert.equal(chosen(all, { ...NO_CHOICE, connection: 'gone' }), 'a');
});

test("the connection's own experiment comes before the newest", () => {
  const newest = { id: '2', name: 'newest' };
  const own = { id: '1', name: 'own' };
  const pick = (connected, choice = NO_CHOICE) =>
    chosenExperiment([newest, own], connected, choice)?.id;
  assert.equal(pick(connection('a', { experiment: 'own' })), '1');
  assert.equal(pick(connection('a', { experiment: 'not made yet' })), '2');
  assert.equal(
    pick(connection('a'), { connection: null, experiments: { a: '1' } }),
    '1'
  );
});
