import assert from 'node:assert/strict';
import { test } from 'node:test';

import {
  formatDuration,
  formatRelative,
  runSeconds
} from '../lib/models/time.js';

const NOW = Date.parse('2025-03-01T12:00:00Z');

test('a duration has at most two units', () => {
  const texts = [
    -1, 0.0424, 0.9999, 9.94, 9.96, 59.6, 185, 3600, 8040, 90061
  ].map(formatDuration);
  assert.deepEqual(texts, [
    '0 ms',
    '42 ms',
    '1.0 s',
    '9.9 s',
    '10 s',
    '1 min',
    '3 min 5 s',
    '1 h',
    '2 h 14 min',
    '1 d 1 h'
  ]);
});

test('a start is told from now', () => {
  const ago = seconds =>
    formatRelative(new Date(NOW - seconds * 1000).toISOString(), NOW);
  assert.equal(ago(2), 'now');
  assert.match(ago(30), /^30\s?s/);
  assert.match(ago(60), /^1\s?m/);
  assert.match(ago(7200), /^2\s?h/);
  assert.equal(ago(86400), 'yesterday');
});

test('a start in the future, by a wrong clock, counts as now', () => {
  assert.equal(formatRelative('2025-03-01T12:09:00Z', NOW), 'now');
});

test('a running run has been running since its start', () => {
  const run = {
    start: '2025-03-01T11:59:00Z',
    duration: null,
    status: 'RUNNING'
  };
  assert.equal(runSeconds(run, NOW), 60);
  assert.equal(runSeconds({ ...run, start: '2025-03-01T12:01:00Z' }, NOW), 0);
  assert.equal(runSeconds({ ...run, duration: 3 }, NOW), 3);
  assert.equal(runSeconds({ ...run, status: 'KILLED' }, NOW), null);
  assert.equal(runSeconds({ ...run, start: null }, NOW), null);
});
