import { describe, expect, test } from 'vitest';
import { formatClearSiteData, type SiteData } from '../../src/headers/clear-site-data.ts';

describe('formatClearSiteData()', () => {
  // Clear Site Data section 3.1: the quotes are part of the name.
  test.each<readonly [readonly SiteData[], string]>([
    [['cookies'], '"cookies"'],
    [['cache', 'cookies', 'storage'], '"cache", "cookies", "storage"'],
    [['*'], '"*"'],
    [['executionContexts', 'clientHints'], '"executionContexts", "clientHints"'],
  ])('formatClearSiteData(%j) is %s', (types, value) => {
    expect(formatClearSiteData(types)).toBe(value);
  });

  test.each<readonly [string, unknown]>([
    ['nothing', []],
    ['undefined', undefined],
    ['a type twice', ['cache', 'cache']],
    ['a type that does not exist', ['cookie']],
    ['a type in its quotes', ['"cookies"']],
    ['a type in upper case', ['Cookies']],
    ['what breaks out', ['cookies", "*']],
    ['CR LF', ['cookies\r\nx: y']],
    ['a key of every object', ['constructor']],
    ['no text', [1]],
  ])('formatClearSiteData() throws on %s', (_what, types) => {
    expect(() => Reflect.apply(formatClearSiteData, undefined, [types])).toThrow(TypeError);
  });
});
