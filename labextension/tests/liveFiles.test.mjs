import assert from 'node:assert/strict';
import { test } from 'node:test';

import { inline } from './inline.mjs';

const { csvOf } = await inline('csv');
const { fileName } = await inline('download');
const { pictureOf } = await inline('picture');
const { linear } = await inline('scale');
const { wordsFor } = await inline('words');
const floats = values => Float64Array.from(values);

test('a file has a line for each point, in full', () => {
  const curve = {
    values: floats([0.1, NaN, -Infinity]),
    places: Uint32Array.from([0, 1, 2]),
    times: Uint32Array.from([0, 1500, 2000])
  };
  const text = csvOf([{ name: 'loss', curve, offsets: [10, 5, 0, 0.001] }]);
  assert.deepEqual(text.split('\r\n'), [
    'metric,step,time,value',
    'loss,10,1970-01-01T00:00:00.000Z,0.1',
    'loss,15,1970-01-01T00:00:01.500Z,NaN',
    'loss,20,1970-01-01T00:00:02.000Z,-inf',
    ''
  ]);
});

test('no name breaks out of its field or becomes a formula', () => {
  const curve = {
    values: floats([1]),
    places: Uint32Array.of(0),
    times: Uint32Array.of(0)
  };
  const line = name =>
    csvOf([{ name, curve, offsets: [0, 1, 0, 1] }]).split('\r\n1')[0];
  assert.ok(line('a,"b"\nc').includes('"a,""b""\nc",0'));
  assert.ok(line('=1+1').includes("'=1+1,0"));
});

test('files have names that every system takes', () => {
  assert.equal(fileName('train/loss', 'csv'), 'train_loss.csv');
  assert.equal(fileName('../../é <x>', 'svg'), 'é_x_.svg');
  assert.equal(fileName('///', 'png'), 'chart.png');
});

test('a picture has a title, axes, a curve with its gap, and a mark for it', () => {
  const raw = { x: floats([0, 1, 2, 3, 4]), y: floats([1, 2, NaN, 3, 1]) };
  const line = { name: 'a', label: 'a', colour: '#0072B2', raw, shown: raw };
  const drawing = {
    title: '<script>"&',
    axis: 'step',
    scale: linear,
    lines: [line, { ...line, label: 'b' }],
    smooth: false,
    whole: [0, 4]
  };
  const look = {
    width: 720,
    height: 360,
    title: '#111',
    text: '#333',
    grid: '#ccc',
    background: '#fff',
    label: 'step'
  };
  const svg = pictureOf(drawing, [0, 4], look);
  assert.ok(svg.includes('&lt;script&gt;&quot;&amp;'));
  assert.ok(!svg.includes('<script>'));
  const curve = /d="(M[^"]+)" fill="none"/.exec(svg)[1];
  assert.equal(curve.split('M').length - 1, 2);
  for (const text of ['>0<', '>4<', '>1.0<', '>3.0<', '>a<', '>b<', '>step<']) {
    assert.ok(svg.includes(text), text);
  }
  assert.ok(!/NaN|Infinity|undefined/.test(svg));
});

test('everything is said in both languages, and others are told in English', () => {
  const [en, it] = ['en', 'it-IT'].map(wordsFor);
  assert.equal(wordsFor('xx'), en);
  assert.equal(wordsFor('IT'), it);
  for (const key of Object.keys(en)) {
    const said = [en, it].map(({ [key]: one }) =>
      typeof one === 'function' ? one(1, 'x', 'y') : JSON.stringify(one)
    );
    assert.ok(said.every(Boolean), key);
  }
  assert.equal(en.metrics(2000), '2,000 metrics');
  assert.equal(it.metrics(1), '1 metrica');
});
