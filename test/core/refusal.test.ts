import { afterEach, describe, expect, it } from 'vitest';
import { isRefusal, Refusal, type RefusalCode } from '../../src/core/refusal.ts';

const BRAND = Symbol.for('sallyport.refusal');

/** What another copy of the package (CommonJS beside ESM) throws: the same brand, another class. */
class RefusalOfAnotherCopy extends Error {
  readonly code = 'not_found';
  constructor() {
    super('not_found');
    Object.defineProperty(this, BRAND, { value: true });
  }
}

describe('Refusal', () => {
  it.each<[RefusalCode, number, string]>([
    ['request_malformed', 400, 'Bad Request'],
    ['jwt_expired', 401, 'Unauthorized'],
    ['insufficient_scope', 403, 'Forbidden'],
    ['not_found', 404, 'Not Found'],
    ['method_not_allowed', 405, 'Method Not Allowed'],
    ['body_timeout', 408, 'Request Timeout'],
    ['body_too_large', 413, 'Content Too Large'],
    ['media_type_unsupported', 415, 'Unsupported Media Type'],
    ['rate_limited', 429, 'Too Many Requests'],
    ['internal_error', 500, 'Internal Server Error'],
    ['store_unavailable', 503, 'Service Unavailable'],
  ])('Refusal() gives %s the status %i and its reason phrase', (code, status, title) => {
    expect(new Refusal(code)).toMatchObject({ code, status, title, name: 'Refusal', message: code });
  });

  // Without a row there is no status, and a Response without a status is a 200.
  it.each(['', 'nope', 'toString', '__proto__', 'constructor', 'NOT_FOUND', undefined, 404])(
    'Refusal() throws a TypeError for the unknown code %j',
    (code) => {
      expect(() => Reflect.construct(Refusal, [code])).toThrow(TypeError);
    },
  );

  it('Refusal() is an Error with its cause, headers and issues', () => {
    const cause = new Error('behind');
    const issues = [{ code: 'required', path: ['a'], message: 'is required' }];
    const refusal = new Refusal('body_invalid', {
      message: 'for the log',
      cause,
      issues,
      headers: { 'retry-after': '1' },
    });
    expect(refusal).toBeInstanceOf(Error);
    expect(refusal).toMatchObject({ message: 'for the log', cause, issues, headers: { 'retry-after': '1' } });
  });

  // Who sends garbage decides how many refusals there are; frames cost ten times as much as all the rest.
  // What throws between would leave the whole process without stacks.
  it.each([{ toString: 1 }, Symbol('text'), Object.create(null)])(
    'leaves stacks on for a message that is %o',
    (message) => {
      const before: unknown = Reflect.get(Error, 'stackTraceLimit');
      try {
        expect(new Refusal('not_found', { message: message as never }).message).toBe('Symbol(text)');
      } catch (error) {
        expect(error).toBeInstanceOf(TypeError);
      }
      expect(Reflect.get(Error, 'stackTraceLimit')).toBe(before);
    },
  );

  it('Refusal() walks no stack, and leaves the platform as it was', () => {
    const before: unknown = Reflect.get(Error, 'stackTraceLimit');
    const refusal = new Refusal('not_found');
    expect(String(refusal.stack)).not.toContain('refusal.test');
    expect(Reflect.get(Error, 'stackTraceLimit')).toBe(before);
    expect(String(new Error('mine').stack)).toContain('refusal.test');
  });

  it('Refusal() leaves a limit that is no number alone', () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'stackTraceLimit');
    Object.defineProperty(Error, 'stackTraceLimit', { value: undefined, configurable: true, writable: true });
    try {
      expect(new Refusal('not_found').code).toBe('not_found');
      expect(Reflect.get(Error, 'stackTraceLimit')).toBe(undefined);
      // As hardened realms do.
      Object.defineProperty(Error, 'stackTraceLimit', { value: 7, configurable: true, writable: false });
      expect(new Refusal('not_found').code).toBe('not_found');
      expect(Reflect.get(Error, 'stackTraceLimit')).toBe(7);
    } finally {
      if (before === undefined) Reflect.deleteProperty(Error, 'stackTraceLimit');
      else Object.defineProperty(Error, 'stackTraceLimit', before);
    }
  });

  it('Refusal() has no cause when none is given', () => {
    expect('cause' in new Refusal('not_found')).toBe(false);
  });

  it('Refusal() keeps its brand out of what is enumerated and serialised', () => {
    const refusal = new Refusal('not_found', { message: 'secret words', cause: 'secret cause' });
    expect(JSON.stringify(refusal)).not.toContain('secret');
    expect(Object.getOwnPropertyDescriptor(refusal, BRAND)?.enumerable).toBe(false);
  });
});

describe('isRefusal', () => {
  afterEach(() => {
    Reflect.deleteProperty(Object.prototype, BRAND);
  });

  it('isRefusal() accepts a refusal of this copy', () => {
    expect(isRefusal(new Refusal('not_found'))).toBe(true);
  });

  it('isRefusal() accepts a refusal of another copy of the package', () => {
    const foreign = new RefusalOfAnotherCopy();
    expect(foreign instanceof Refusal).toBe(false);
    expect(isRefusal(foreign)).toBe(true);
  });

  // An Error of another realm (a vm context, a test runner's sandbox) is no instance of this realm's Error.
  it('isRefusal() accepts a branded object that is no instance of this realm', () => {
    const foreign = Object.defineProperty(Object.create(null), BRAND, { value: true });
    expect(isRefusal(foreign)).toBe(true);
  });

  it.each([
    ['an Error', new Error('boom')],
    ['an Error that looks alike', Object.assign(new Error('x'), { code: 'not_found', status: 404, name: 'Refusal' })],
    ['text', 'not_found'],
    ['null', null],
    ['undefined', undefined],
    ['a number', 404],
    ['a function', (): void => undefined],
    ['an object', { code: 'not_found' }],
    // JSON cannot spell a symbol: text that names the brand is only text.
    ['parsed JSON that names the brand', JSON.parse('{"sallyport.refusal":true,"Symbol(sallyport.refusal)":true}')],
  ])('isRefusal() refuses %s', (_name, value) => {
    expect(isRefusal(value)).toBe(false);
  });

  // Prototype pollution: an inherited brand must not turn every error into a refusal, whose status a client then sees.
  it('isRefusal() refuses an Error under a polluted Object.prototype', () => {
    Object.defineProperty(Object.prototype, BRAND, { value: true, configurable: true });
    expect(isRefusal(new Error('boom'))).toBe(false);
    expect(isRefusal({})).toBe(false);
    expect(isRefusal(new Refusal('not_found'))).toBe(true);
  });

  // A thrown Proxy: the catch block asks isRefusal first and must get an answer.
  it('isRefusal() answers false for a Proxy whose traps throw', () => {
    const fail = (): never => {
      throw new Error('trap');
    };
    const hostile = new Proxy({}, { getOwnPropertyDescriptor: fail, getPrototypeOf: fail, get: fail, has: fail });
    expect(isRefusal(hostile)).toBe(false);
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(isRefusal(proxy)).toBe(false);
  });
});
