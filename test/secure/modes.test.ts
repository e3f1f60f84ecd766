import { describe, expect, test, vi } from 'vitest';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { object } from '../../src/schema/object.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, ok, open } from './fixtures.ts';
import { ear, NEXT_DAY_MS, ON_LAST_DAY_MS, REPORT } from './watched.ts';

const ACCESS = ['auth', 'scopes', 'roles', 'methodsByRole', 'authorize', 'csrf'] as const;
const OTHERS = ['hosts', 'https', 'deny', 'params', 'query', 'body', 'precondition', 'response'] as const;

describe('createModes()', () => {
  // Who may do something is never decided by a switch that somebody forgot.
  test.each(ACCESS)('refuses that %s is off, or in report mode without an end and a reason', (field) => {
    for (const mode of ['off', 'report']) {
      expect(() => createModes({ [field]: mode } as never)).toThrow(/^Cannot create modes: that of \w+ must be/);
    }
    const { until: _until, ...endless } = REPORT;
    const { reason: _reason, ...groundless } = REPORT;
    for (const mode of [endless, groundless, { ...REPORT, reason: '' }]) {
      expect(() => createModes({ [field]: mode } as never)).toThrow(TypeError);
    }
    expect(createModes({ [field]: REPORT }).options).toEqual({ [field]: REPORT, limits: {} });
  });

  test.each(OTHERS)('takes each mode of %s', (field) => {
    for (const mode of ['enforce', 'report', 'off', REPORT] as const) {
      expect(createModes({ [field]: mode }).options).toEqual({ [field]: mode, limits: {} });
    }
  });

  const WRONG: readonly (readonly [string, unknown])[] = [
    ['another word', 'warn'],
    ['a word in upper case', 'REPORT'],
    ['undefined, as of a misspelt name', undefined],
    ['null', null],
    ['true', true],
    ['a list', ['report']],
    ['an unknown option', { ...REPORT, untill: '2027-02-01' }],
    // Each of these would be taken for a report.
    ['enforce with an end', { ...REPORT, mode: 'enforce' }],
    ['off with an end', { ...REPORT, mode: 'off' }],
    ['no mode with an end', { until: REPORT.until, reason: REPORT.reason }],
    ['an inherited mode', Object.create(REPORT)],
    ['an unknown option of the share', { ...REPORT, enforce: { sample: 0.5, by: 'client', seed: 1 } }],
    ['a share by something else', { ...REPORT, enforce: { sample: 0.5, by: 'requestId' } }],
    ['a share by nobody', { ...REPORT, enforce: { sample: 0.5 } }],
  ];
  test.each(WRONG)('refuses %s', (_what, mode) => {
    expect(() => createModes({ query: mode } as never)).toThrow(TypeError);
    expect(() => createModes({ limits: { one: mode } } as never)).toThrow(TypeError);
  });

  test.each([0, -0.1, 1.1, NaN, Infinity, '0.5', undefined])('refuses a share of %s', (sample) => {
    const mode = { ...REPORT, enforce: { sample, by: 'client' } };
    expect(() => createModes({ query: mode } as never)).toThrow(RangeError);
  });

  const DAYS: readonly (readonly [string, unknown])[] = [
    ['a day that is not in the calendar', '2027-02-29'],
    ['a 31st of April', '2027-04-31'],
    ['a month that is none', '2027-13-01'],
    ['a day 0', '2027-01-00'],
    ['one digit', '2027-1-31'],
    ['a time beside it', '2027-01-31T00:00:00Z'],
    ['another order', '31-01-2027'],
    ['a line more', '2027-01-31\n'],
    ['white space', ' 2027-01-31'],
    ['five digits', '12027-01-31'],
    ['a sign', '+002027-01-31'],
    ['other digits', '２０２７-01-31'],
    ['nothing', ''],
    ['a number', 20270131],
    ['a Date', new Date('2027-01-31')],
    ['never', 'never'],
  ];
  test.each(DAYS)('refuses as the last day %s', (_what, until) => {
    expect(() => createModes({ query: { ...REPORT, until } } as never)).toThrow(/until must be a day/);
  });

  test('takes the 29th of February of a leap year', () => {
    expect(() => createModes({ query: { ...REPORT, until: '2028-02-29' } })).not.toThrow();
  });

  test.each(['client', 'rateLimit', 'method', 'bodySchema', 'idempotency', 'clientLimits', '__proto__'])(
    'refuses a mode of %s, which has none',
    (field) => {
      expect(() => createModes(JSON.parse(`{"${field}":"report"}`))).toThrow(TypeError);
    },
  );

  // Hostile list 60.
  test('copies and freezes what it is given', () => {
    const given = {
      query: { ...REPORT, enforce: { sample: 0.5, by: 'client' as const } },
      limits: { one: { ...REPORT } },
    };
    const { options } = createModes(given);
    const before = JSON.stringify(options);
    Object.assign(given.query.enforce, { sample: 0.1 });
    Object.assign(given.query, { until: '2999-01-01' });
    Object.assign(given.limits, { two: 'off' });
    Object.assign(given.limits.one, { until: '2999-01-01' });
    expect(JSON.stringify(options)).toBe(before);
    for (const part of [options, options.query, options.query.enforce, options.limits, options.limits.one]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
  });
});

describe('secure(): modes, when it is made', () => {
  const { auth } = bearer();
  const reading = { ...open, auth, scopes: ['orders:read'] };
  const limits = createLimits({ client: [{ name: 'constructor', limit: 1, windowSeconds: 60 }] });
  const limited = { ...open, store: memoryStore(), limits };

  test.each([...ACCESS.filter((field) => field !== 'auth' && field !== 'scopes'), ...OTHERS])(
    'refuses a mode of %s, which the policy does not have',
    (field) => {
      const mode = createModes({ [field]: REPORT });
      expect(() => secure({ ...reading, mode } as never, ok)).toThrow(
        /there is a mode of \w+, which the policy does not/,
      );
    },
  );

  test('refuses a mode of auth for a public policy', () => {
    expect(() => secure({ ...open, mode: createModes({ auth: REPORT }) }, ok)).toThrow(TypeError);
  });

  test('refuses a mode of a limit that is none, and options in the place of modes', () => {
    expect(() => secure({ ...limited, mode: createModes({ limits: { client: 'off' } }) }, ok)).toThrow(/no such limit/);
    expect(() => secure({ ...open, mode: createModes({ limits: { client: 'off' } }) }, ok)).toThrow(/no such limit/);
    expect(() => secure({ ...reading, mode: { scopes: REPORT } } as never, ok)).toThrow(/createModes/);
  });

  // A name that every object has is no mode.
  test('enforces a limit whose name is that of an inherited member', async () => {
    const handler = secure({ ...limited, mode: createModes({}) }, ok);
    const statuses = [await handler(new Request('https://api.test/')), await handler(new Request('https://api.test/'))];
    expect(statuses.map(({ status }) => status)).toEqual([200, 429]);
  });

  // What only reports must not do so silently, nor for ever.
  test('tells each stage that is not enforced: the listener, or else the console', () => {
    const { events, onEvent } = ear();
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    warn.mockClear();
    const mode = createModes({ scopes: REPORT, query: 'off', limits: { constructor: 'report' } });
    const policy = { ...limited, ...reading, id: 'orders', query: object({}), mode, clock: () => ON_LAST_DAY_MS };
    const query = { '~standard': { version: 1, vendor: 'x', validate: (value: unknown) => ({ value }) } } as const;
    try {
      secure({ ...policy, query, onEvent }, ok);
      expect(warn).not.toHaveBeenCalled();
      secure({ ...policy, query }, ok);
      expect(warn.mock.calls.map(([text]) => text)).toEqual([
        'sallyport: the policy orders does not enforce the limit constructor (report)',
        'sallyport: the policy orders does not enforce scopes (report until 2027-01-31: on trial)',
        'sallyport: the policy orders does not enforce query (off)',
      ]);
      secure({ ...policy, query, mode: createModes({ scopes: 'enforce' }) }, ok);
      expect(warn).toHaveBeenCalledTimes(3);
      // What is over by then is enforced, and nothing to warn of.
      secure({ ...policy, query, mode: createModes({ scopes: REPORT }), clock: () => NEXT_DAY_MS }, ok);
      expect(warn).toHaveBeenCalledTimes(3);
    } finally {
      warn.mockRestore();
    }
    expect(events.map(({ outcome, stage, policyId, requestId }) => [outcome, stage, policyId, requestId])).toEqual([
      ['not_enforced', 'clientLimits', 'orders', undefined],
      ['not_enforced', 'scopes', 'orders', undefined],
      ['not_enforced', 'query', 'orders', undefined],
    ]);
  });
});
