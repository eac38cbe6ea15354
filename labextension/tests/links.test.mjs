import assert from 'node:assert/strict';
import { test } from 'node:test';

import { webAddress } from '../lib/models/links.js';

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
