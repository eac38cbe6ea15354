import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inline } from './inline.mjs';

const { smoothed } = await inline('smoothing');
const of = (values, weight) => [...smoothed(Float64Array.from(values), weight)];
const close = (found, wanted) => {
  assert.equal(found.length, wanted.length);
  found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-12));
};

test('the average is debiased: the first value is itself', () => {
  // By hand: 0.25 and 0.25 * 0.5 + 0.5 * 2 over the weights so far, 0.5 and 0.75.
  close(of([1, 2], 0.5), [1, (0.5 * 0.5 + 0.5 * 2) / 0.75]);
  close(of([1, 2, 3], 0), [1, 2, 3]);
});

test('gaps stay gaps, and what follows goes on from before them', () => {
  const [a, gap, b, up, c] = of([1, NaN, 3, Infinity, 5], 0.6);
  assert.ok(Number.isNaN(gap));
  assert.equal(up, Infinity);
  close([a, b, c], of([1, 3, 5], 0.6));
});

test('constants stay as they are, and so do none', () => {
  assert.deepEqual(of([0.1, 0.1, 0.1], 0.99), [0.1, 0.1, 0.1]);
  assert.deepEqual(of([], 0.9), []);
});
