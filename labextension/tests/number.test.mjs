import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatMetric, formatSize } from '../lib/models/number.js';

test('a metric shows four digits, or its text where there is no number', () => {
  const show = value => formatMetric({ name: 'm', value, text: String(value) });
  assert.equal(show(0.912345), '0.9123');
  assert.equal(show(12), '12');
  assert.equal(show(-1.5e-9), '-1.5e-9');
  assert.equal(formatMetric({ name: 'm', value: null, text: 'NaN' }), 'NaN');
});

test('a size is told in decimal units', () => {
  const texts = [0, 999, 1000, 120034, 999_960, 48_213_312].map(formatSize);
  assert.deepEqual(texts, [
    '0 B',
    '999 B',
    '1.0 kB',
    '120 kB',
    '1.0 MB',
    '48.2 MB'
  ]);
});
