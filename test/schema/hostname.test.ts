import { describe, expect, test } from 'vitest';
import { hostname } from '../../src/schema/hostname.ts';
import { parse } from '../../src/schema/parse.ts';
import { HOST_NAMES, NOT_HOST_NAMES } from '../vectors/format-hostname.ts';
import { NOT_IP_ADDRESSES } from '../vectors/ip-addresses.ts';
import { HOSTNAMES, testFormat } from './format-laws.ts';
import { isHostName } from './format-oracles.ts';

testFormat({
  name: 'hostname',
  schema: hostname(),
  max: 253,
  good: HOST_NAMES,
  bad: NOT_HOST_NAMES,
  valid: HOSTNAMES,
  oracle: isHostName,
});

describe('hostname() beside URL', () => {
  // Hostile list 34: what a browser takes for an address must not pass for a name.
  test('hostname() lets nothing through that URL makes an address of', () => {
    for (const text of [...NOT_IP_ADDRESSES, ...HOST_NAMES, ...NOT_HOST_NAMES]) {
      if (!parse(hostname(), text).ok || !URL.canParse(`http://${text}/`)) continue;
      expect(new URL(`http://${text}/`).hostname).toBe(text.toLowerCase());
    }
  });
});
