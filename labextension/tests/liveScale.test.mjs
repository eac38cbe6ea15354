import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inline } from './inline.mjs';

const { linear, logarithmic } = await inline('scale');
const { durationTicks, clockTicks } = await inline('timeticks');
const { ticksAlong, placeText } = await inline('along');
const { moved, scaled, Stage } = await inline('stage');
const { apart, marksOf } = await inline('marks');
const texts = ticks => ticks.map(tick => tick.text);
const floats = values => Float64Array.from(values);

test('a logarithmic axis has a tick at each decade, more where there are few', () => {
  assert.deepEqual(texts(logarithmic.ticks(-2, 0)), [
    ...['0.01', '0.02', '0.05', '0.1', '0.2', '0.5', '1']
  ]);
  assert.deepEqual(texts(logarithmic.ticks(-9, 0)), [
    ...['1e\u22128', '1e\u22126', '1e\u22124', '0.01', '1']
  ]);
  const near = logarithmic.ticks(Math.log10(2), Math.log10(3));
  assert.deepEqual(texts(near), ['2.0', '2.2', '2.4', '2.6', '2.8', '3.0']);
});

test('what is not positive has no place on it', () => {
  assert.ok([0, -1, NaN].every(value => Number.isNaN(logarithmic.up(value))));
  assert.equal(logarithmic.up(1000), 3);
  assert.equal(linear.up(-7), -7);
});

test('an axis is never empty', () => {
  for (const { range } of [linear, logarithmic]) {
    const [low, high] = range(3, 3);
    assert.ok(low < 3 && high > 3);
  }
});

test('durations have round ticks', () => {
  assert.deepEqual(texts(durationTicks(0, 100, 5)), [
    ...['0 s', '30 s', '60 s', '90 s']
  ]);
  assert.deepEqual(texts(durationTicks(0, 600, 5)), [
    ...['0:00', '2:00', '4:00', '6:00', '8:00', '10:00']
  ]);
  assert.deepEqual(texts(durationTicks(0, 7200, 4)), [
    ...['0:00:00', '0:30:00', '1:00:00', '1:30:00', '2:00:00']
  ]);
  assert.deepEqual(texts(durationTicks(0, 0.4, 4)), [
    ...['0.0 s', '0.1 s', '0.2 s', '0.3 s', '0.4 s']
  ]);
});

test('moments have ticks that are round on the clock of whoever looks', () => {
  const noon = new Date(2025, 2, 1, 12, 0, 0).getTime() / 1000;
  assert.deepEqual(texts(clockTicks(noon, noon + 3600, 4)), [
    ...['12:00', '12:15', '12:30', '12:45', '13:00']
  ]);
  assert.deepEqual(texts(clockTicks(noon, noon + 6, 4)), [
    ...['12:00:00', '12:00:02', '12:00:04', '12:00:06']
  ]);
});

test('steps are whole', () => {
  assert.deepEqual(texts(ticksAlong('step', 0, 2, 300)), ['0', '1', '2']);
  assert.equal(placeText('step', 1200), '1,200');
  assert.equal(placeText('relative', 3.25), '3.3 s');
});

test('zooming and panning stay within the data', () => {
  assert.deepEqual(scaled([0, 100], [0, 100], 0.5, 50), [25, 75]);
  assert.equal(scaled([25, 75], [0, 100], 4, 50), null);
  assert.deepEqual(moved([25, 75], [0, 100], 0.1), [30, 80]);
  assert.deepEqual(moved([25, 75], [0, 100], 9), [50, 100]);
});

test('a zoom is of one axis, and never of nothing', () => {
  const stage = new Stage();
  let told = 0;
  stage.zoomed.add(() => told++);
  stage.zoomTo({ axis: 'step', low: 2, high: 2 });
  assert.equal(told, 0);
  stage.zoomTo({ axis: 'step', low: 2, high: 5 });
  assert.deepEqual(stage.range('step', [0, 9]), [2, 5]);
  assert.deepEqual(stage.range('wall', [0, 9]), [0, 9]);
});

test('what has no place is marked, once where marks would cover each other', () => {
  const line = {
    x: floats([0, 1, 2, 3, 4, 9]),
    y: floats([NaN, NaN, Infinity, -Infinity, -1, NaN])
  };
  const signs = scale => marksOf(line, scale, 0, 5).map(mark => mark.sign);
  assert.deepEqual(signs(linear), ['nan', 'nan', 'up', 'down']);
  assert.deepEqual(signs(logarithmic), ['nan', 'nan', 'up', 'down', 'down']);
  const kept = apart(marksOf(line, linear, 0, 9), x => x, 2);
  assert.deepEqual(
    kept.map(({ at, sign }) => [at, sign]),
    [
      [0, 'nan'],
      [2, 'up'],
      [3, 'down'],
      [9, 'nan']
    ]
  );
});
