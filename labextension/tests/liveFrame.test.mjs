import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inline } from './inline.mjs';

const { applied, readFrame, writePoints } = await inline('frame');
const { sectionsOf } = await inline('groups');
const { aligned } = await inline('align');
const { stepsDone } = await inline('progress');
const { readChoices } = await inline('choices');
const floats = values => Float64Array.from(values);
const curve = (values, places = values, times = values) => ({
  values: floats(values),
  places: Uint32Array.from(places),
  times: Uint32Array.from(times)
});
const head = (name, more = {}) => ({
  name,
  section: '',
  chart: name,
  label: name,
  colour: '#000000',
  axis: 'step',
  drawn: 0,
  points: 0,
  last: '',
  offsets: [0, 1, 0, 1],
  ...more
});
const frameOf = (...heads) => ({
  head: { seq: 1, charts: heads, left_out: 0, began: 0 },
  curves: heads.map(() => curve([1, 2]))
});

test('what is written is read again, wherever the buffer begins', () => {
  const curves = [curve([1, NaN, 3], [1, 2, 3], [4, 5, 6]), curve([7])];
  const bytes = new Uint8Array(writePoints(curves).buffer);
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const view = new DataView(shifted.buffer, 3);
  const charts = [head('a', { drawn: 3 }), head('b', { drawn: 1 })];
  assert.deepEqual(readFrame({ charts }, view).curves, curves);
});

test('a change keeps, appends, and applies to the frame before it only', () => {
  const frame = frameOf(head('a'), head('b'));
  const buffer = writePoints([curve([9], [8], [7])]);
  const change = { seq: 2, charts: [[1, 1, 1, 5, '9', 'step', [1, 2, 3, 4]]] };
  const next = applied(frame, change, buffer);
  assert.deepEqual(next.curves[1], curve([1, 9], [1, 8], [1, 7]));
  assert.deepEqual(next.head.charts[1].offsets, [1, 2, 3, 4]);
  assert.equal(next.head.charts[0], frame.head.charts[0]);
  assert.equal(applied(next, change, buffer), null);
});

test('curves of one chart are together, in sections, without what is hidden', () => {
  const frame = frameOf(
    head('train/loss', { chart: 'loss' }),
    head('grad/a', { section: 'grad' }),
    head('val/loss', { chart: 'loss' })
  );
  const shape = hidden =>
    sectionsOf(frame, new Set(hidden)).map(({ name, charts }) => [
      name,
      charts.map(({ curves }) => curves.map(one => one.head.name))
    ]);
  assert.deepEqual(shape([]), [
    ['', [['train/loss', 'val/loss']]],
    ['grad', [['grad/a']]]
  ]);
  assert.deepEqual(shape(['train/loss', 'grad/a']), [['', [['val/loss']]]]);
});

test('lines with places of their own share an axis: gaps are null, no point is undefined', () => {
  const line = (x, y) => ({ x: floats(x), y: floats(y) });
  const data = aligned([
    line([0, 1, 1, 2], [5, 6, 7, NaN]),
    line([1, 3], [8, 9])
  ]);
  assert.deepEqual(data, [
    [0, 1, 1, 2, 3],
    [5, 6, 7, null, undefined],
    [undefined, 8, undefined, undefined, 9]
  ]);
  const same = aligned([line([0, 1], [2, 3]), line([0, 1], [4, Infinity])]);
  assert.deepEqual(same, [
    [0, 1],
    [2, 3],
    [4, null]
  ]);
});

test('steps are counted from 0 or from 1, without the system', () => {
  const frame = frameOf(head('a'), head('system/b', { section: 'system' }));
  frame.curves[1] = curve([99], [99]);
  assert.equal(stepsDone(frame), 2);
  frame.curves[0] = curve([1, 2], [0, 4]);
  assert.equal(stepsDone(frame), 5);
  assert.equal(stepsDone(frameOf()), 0);
});

test('choices that were kept are believed only where they make sense', () => {
  const first = readChoices(null);
  assert.equal(first.axis, 'step');
  for (const odd of ['', '[', '7', 'null', '{"smoothing": 9, "hidden": {}}']) {
    assert.deepEqual(readChoices(odd), first);
  }
  const kept = { ...first, smoothing: 0.6, axis: 'wall', hidden: ['lr'] };
  assert.deepEqual(readChoices(JSON.stringify(kept)), kept);
});
