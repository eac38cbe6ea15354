import assert from 'node:assert/strict';
import { test } from 'node:test';

import { isStudioPage, webAddress } from '../lib/models/links.js';

test('only web addresses become links', () => {
  assert.equal(webAddress('https://ml.azure.com/x'), 'https://ml.azure.com/x');
  for (const address of [
    'javascript:alert(1)',
    ' JavaScript:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    '//host/path',
    'x',
    null
  ]) {
    assert.equal(webAddress(address), null);
  }
});

test("pages of Azure ML's studio are told from others", () => {
  assert.ok(isStudioPage('https://ml.azure.com/runs/1?wsid=/x'));
  assert.ok(isStudioPage('https://studio.ml.azure.cn/runs/1'));
  assert.ok(!isStudioPage('https://ml.azure.com.example.org/runs/1'));
  assert.ok(!isStudioPage('http://127.0.0.1:5000/#/ml.azure.com'));
});
