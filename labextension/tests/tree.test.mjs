import assert from 'node:assert/strict';
import { test } from 'node:test';

import { nextPlace, runLines } from '../lib/models/tree.js';

const runs = (...pairs) => pairs.map(([id, parent = null]) => ({ id, parent }));
const show = (list, collapsed = []) =>
  runLines(list, new Set(collapsed)).map(({ id, level }) => `${level} ${id}`);

test('children follow their parent, order kept within each level', () => {
  const list = runs(['d', 'b'], ['c'], ['b'], ['a', 'b'], ['e', 'd']);
  assert.deepEqual(show(list), ['1 c', '1 b', '2 d', '3 e', '2 a']);
});

test('a collapsed run hides all that is beneath it', () => {
  const list = runs(['b'], ['d', 'b'], ['e', 'd'], ['c']);
  assert.deepEqual(show(list, ['b']), ['1 b', '1 c']);
  const [line] = runLines(list, new Set(['b']));
  assert.equal(line.expanded, false);
});

test('a run whose parent is not listed stands by itself', () => {
  assert.deepEqual(show(runs(['a', 'gone'])), ['1 a']);
});

test('a ring of parents still lists every run once', () => {
  assert.deepEqual(show(runs(['a', 'b'], ['b', 'a'])), ['1 a', '2 b']);
  assert.deepEqual(show(runs(['a', 'a'])), ['1 a']);
});

test('navigation keys stay within the list', () => {
  assert.equal(nextPlace('ArrowDown', 2, 3), 2);
  assert.equal(nextPlace('ArrowUp', 0, 3), 0);
  assert.equal(nextPlace('End', 0, 3), 2);
  assert.equal(nextPlace('Home', 2, 3), 0);
  assert.equal(nextPlace('x', 1, 3), null);
});
