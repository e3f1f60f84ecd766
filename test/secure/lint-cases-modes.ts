import { createModes } from '../../src/secure/modes.ts';
import { open } from './fixtures.ts';
import { type LintCase, LOGIN, type ModeCode, READ, report, WRITE } from './lint-policies.ts';

/** What a policy does not enforce, and who learns of it, by code. */
export const MODE_CASES: Readonly<Record<ModeCode, readonly LintCase[]>> = {
  access_not_enforced: [
    ['scopes that report', { ...WRITE, mode: createModes({ scopes: report('2026-06-15') }) }, 'until yesterday', {
      ...WRITE,
      mode: createModes({ scopes: report('2026-06-14') }),
    }],
    ['authentication that reports', { ...READ, mode: createModes({ auth: report('2026-07-01') }) }, 'that enforces', {
      ...READ,
      mode: createModes({ auth: 'enforce' }),
    }],
  ],
  stage_reports: [
    // Each is told once, by the finding that says the most of it.
    ['a schema that reports', { ...WRITE, mode: createModes({ body: report('2026-06-15') }) }, 'scopes that do', {
      ...WRITE,
      mode: createModes({ scopes: report('2026-06-15') }),
    }],
    ['a schema that reports', { ...WRITE, mode: createModes({ body: report('2026-06-15') }) }, 'one without end', {
      ...WRITE,
      mode: createModes({ body: 'report' }),
    }],
    ['a schema that reports', { ...WRITE, mode: createModes({ body: report('2026-06-15') }) }, 'until yesterday', {
      ...WRITE,
      mode: createModes({ body: report('2026-06-14') }),
    }],
    ['a limit that reports', { ...READ, mode: createModes({ limits: { client: report('2026-06-15') } }) }, 'enforces', {
      ...READ,
      mode: createModes({ limits: { client: 'enforce' } }),
    }],
  ],
  stage_off: [
    ['a schema that is off', { ...WRITE, mode: createModes({ body: 'off' }) }, 'that enforces', {
      ...WRITE,
      mode: createModes({ body: 'enforce' }),
    }],
    ['a limit that is off', { ...READ, mode: createModes({ limits: { client: 'off' } }) }, 'that enforces', READ],
  ],
  report_without_end: [
    ['the word alone', { ...WRITE, mode: createModes({ body: 'report' }) }, 'a day', {
      ...WRITE,
      mode: createModes({ body: report('2026-12-31') }),
    }],
    [
      'a day that nobody lives to see',
      { ...WRITE, mode: createModes({ body: report('2099-12-31') }) },
      'within a year',
      {
        ...WRITE,
        mode: createModes({ body: report('2027-06-01') }),
      },
    ],
  ],
  report_ended: [
    ['yesterday', { ...WRITE, mode: createModes({ body: report('2026-06-14') }) }, 'today', {
      ...WRITE,
      mode: createModes({ body: report('2026-06-15') }),
    }],
  ],
  sample_without_principal: [
    [
      'a share by principal before there is one',
      {
        ...READ,
        mode: createModes({ limits: { client: report('2026-07-01', 'principal') } }),
      },
      'by client',
      { ...READ, mode: createModes({ limits: { client: report('2026-07-01') } }) },
    ],
    [
      'a share of the public by principal',
      { ...LOGIN, mode: createModes({ body: report('2026-07-01', 'principal') }) },
      'of others',
      {
        ...WRITE,
        mode: createModes({ body: report('2026-07-01', 'principal') }),
      },
    ],
    [
      'a share of those that nobody has proved',
      { ...READ, mode: createModes({ auth: report('2026-07-01', 'principal') }) },
      'of scopes',
      {
        ...WRITE,
        mode: createModes({ scopes: report('2026-07-01', 'principal') }),
      },
    ],
  ],
  events_without_id: [
    ['events of a policy without a name', { ...open, onEvent: () => undefined }, 'with one', {
      ...open,
      id: 'a',
      onEvent: () => undefined,
    }],
  ],
};
