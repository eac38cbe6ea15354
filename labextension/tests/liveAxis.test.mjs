import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inline } from './inline.mjs';

const { axisOf, kernelAxis, kernelPlace, lineOn, nearest, refined } =
  await inline('axis');
const floats = values => Float64Array.from(values);
const curve = (values, places, times) => ({
  values: floats(values),
  places: Uint32Array.from(places),
  times: Uint32Array.from(times)
});
const head = { offsets: [10, 2, 1000, 0.5] };
const line = (x, y) => ({ x: floats(x), y: floats(y) });

test('a chart shows what is chosen; by step, what its curves have', () => {
  const heads = (...axes) => axes.map(axis => ({ axis }));
  assert.equal(axisOf(heads('step', 'step'), 'step'), 'step');
  assert.equal(axisOf(heads('point'), 'step'), 'point');
  assert.equal(axisOf(heads('step', 'seconds'), 'step'), 'seconds');
  assert.equal(axisOf(heads('step'), 'wall'), 'wall');
});

test('places and times are read by their offsets', () => {
  const points = curve([7, 8], [0, 3], [4, 6]);
  assert.deepEqual([...lineOn('step', head, points, 1000).x], [10, 16]);
  assert.deepEqual([...lineOn('relative', head, points, 1000).x], [2, 3]);
  assert.deepEqual([...lineOn('wall', head, points, 1000).x], [1002, 1003]);
});

test('points lie from left to right on every axis', () => {
  const points = curve([1, 2, 3], [0, 1, 2], [9, 0, 5]);
  const { x, y } = lineOn('relative', head, points, 1000);
  assert.deepEqual([...x], [0, 2.5, 4.5]);
  assert.deepEqual([...y], [2, 3, 1]);
});

test('the kernel is asked in places or in seconds since 1970', () => {
  assert.equal(kernelAxis('point'), 'place');
  assert.equal(kernelAxis('seconds'), 'time');
  assert.equal(kernelPlace('relative', 5, 1000), 1005);
  assert.equal(kernelPlace('wall', 1005, 1000), 1005);
});

test('a finer part replaces what it covers, and nothing else', () => {
  const coarse = line([0, 10, 20, 30], [0, 1, 2, 3]);
  const fine = line([10, 12, 14, 20], [5, 6, 7, 8]);
  const { x, y } = refined(coarse, fine);
  assert.deepEqual([...x], [0, 10, 12, 14, 20, 30]);
  assert.deepEqual([...y], [0, 5, 6, 7, 8, 3]);
  assert.equal(refined(coarse, line([], [])), coarse);
});

test('the nearest point is one that has a value', () => {
  const some = line([0, 1, 2, 3], [5, NaN, NaN, 6]);
  assert.equal(nearest(some, 1.2), 0);
  assert.equal(nearest(some, 1.8), 3);
  assert.equal(nearest(some, 99), 3);
  assert.equal(nearest(line([0], [NaN]), 0), -1);
});
