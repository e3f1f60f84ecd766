import type { MaybePromise } from '../core/clock.ts';
import { encodeHex } from '../encoding/hex.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { BATCH, HEAD, SOLO } from './redis-lua.ts';
import type { Step, StepCall } from './step.ts';

/** A Lua script, and what `EVALSHA` knows it by. */
export interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

/** The scripts with all steps that a store knows. */
export interface RedisScripts {
  /** Runs any groups. */
  readonly batch: RedisScript;
  /** Runs one group of one step. */
  readonly solo: RedisScript;
}

/** A step and its arguments, as the script is passed them. */
export interface ScriptSpec {
  /** The number of its step in the script. */
  readonly number: number;
  readonly args: readonly string[];
  /** Reads a result. */
  readonly decode: (reply: readonly unknown[]) => unknown;
}

/** A call as the script is passed it. */
export interface ScriptCall {
  readonly spec: ScriptSpec;
  readonly space: string;
  readonly key: string;
}

/** Collects the steps that a store is asked for, and makes the script that runs them. */
export interface ScriptBook {
  /** Writes a call down, and its step where that is new. Throws a TypeError for a step without a twin, and what the step throws for its args. */
  readonly write: (call: StepCall) => ScriptCall;
  /** The scripts with all steps so far; made anew only when one has come. */
  readonly read: () => MaybePromise<RedisScripts>;
}

/** Makes an empty book. */
export function createScriptBook(): ScriptBook {
  const numbers = new Map<Step, number>();
  const names = new Set<string>();
  const specs = new WeakMap<object, ScriptSpec>();
  let script: MaybePromise<RedisScripts> | undefined;

  function write({ step, space, key, args }: StepCall): ScriptCall {
    if (typeof key !== 'string' || typeof space !== 'string') {
      throw new TypeError('Cannot run step: key and space must be strings.');
    }
    return { spec: specOf(step, args), space, key };
  }

  function specOf(step: Step, args: unknown): ScriptSpec {
    const { name, twin } = step;
    if (twin === undefined) throw new TypeError(`Cannot run step ${name} on Redis: it has no twin in Lua.`);
    const number = numberOf(step);
    // What cannot change is written once: a limiter passes the same arguments for nearly every request.
    const known = typeof args === 'object' && args !== null ? specs.get(args) : undefined;
    if (known?.number === number) return known;
    const spec = {
      number,
      args: twin.encode(args),
      decode: (reply: readonly unknown[]): unknown => twin.decode(reply),
    };
    if (isFixed(args)) specs.set(args, spec);
    return spec;
  }

  function numberOf(step: Step): number {
    const known = numbers.get(step);
    if (known !== undefined) return known;
    if (names.has(step.name)) throw new TypeError(`Cannot run step ${step.name} on Redis: another has that name.`);
    names.add(step.name);
    numbers.set(step, numbers.size + 1);
    script = undefined;
    return numbers.size;
  }

  function read(): MaybePromise<RedisScripts> {
    if (script !== undefined) return script;
    const making = make();
    script = making;
    // Unless a step has come in the meantime.
    return making.then((made) => script === making ? script = made : made);
  }

  async function make(): Promise<RedisScripts> {
    const bodies = [...numbers.keys()].map(({ name, twin }) =>
      `-- ${name}\nfunction(state, args, now)\n${twin?.lua}\nend,\n`
    );
    const head = HEAD + bodies.join('');
    const [batch, solo] = await Promise.all([nameScript(head + BATCH), nameScript(head + SOLO)]);
    return { batch, solo };
  }

  return Object.freeze({ write, read });
}

async function nameScript(source: string): Promise<RedisScript> {
  // SHA-1, because that is what Redis names scripts by; nothing is trusted for it.
  const sha = encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-1', encodeUtf8(source))));
  return { source, sha };
}

/** Tells arguments that cannot change, nor anything in them. A frozen Map, Set or Date can, and what a getter tells. */
function isFixed(args: unknown): args is object {
  return typeof args === 'object' && args !== null && Object.isFrozen(args) &&
    Object.getPrototypeOf(args) === Object.prototype &&
    Object.values(Object.getOwnPropertyDescriptors(args)).every(({ get, value }) =>
      get === undefined && typeof value !== 'object' && typeof value !== 'function'
    );
}

/** Chooses the script for groups, and writes them as it reads them, behind the number of keys and these. */
export function writeCommand(
  { batch, solo }: RedisScripts,
  groups: readonly (readonly ScriptCall[])[],
  nameOf: (call: ScriptCall) => string,
): { readonly script: RedisScript; readonly words: readonly string[] } {
  const only = groups.length === 1 && groups[0]?.length === 1 ? groups[0][0] : undefined;
  if (only === undefined) return { script: batch, words: encodeGroups(groups, nameOf) };
  const { number, args } = only.spec;
  return { script: solo, words: ['1', nameOf(only), ...args, String(number)] };
}

function encodeGroups(
  groups: readonly (readonly ScriptCall[])[],
  nameOf: (call: ScriptCall) => string,
): readonly string[] {
  const keys: string[] = [];
  const specs = new Map<ScriptSpec, number>();
  const shapes = new Map<string, number>();
  const order: string[] = [];
  let [lastSpec, lastShape]: [ScriptSpec | undefined, string] = [undefined, ''];
  for (const group of groups) {
    for (const call of group) keys.push(nameOf(call));
    const only = group.length === 1 ? group[0]?.spec : undefined;
    // Most groups are like the one before.
    if (only === undefined || only !== lastSpec) {
      const numbers = group.map(({ spec }) => numberIn(specs, spec));
      [lastSpec, lastShape] = [only, String(numberIn(shapes, [group.length, ...numbers].join(' ')))];
    }
    order.push(lastShape);
  }
  const words = [String(keys.length), ...keys, String(specs.size)];
  for (const { number, args } of specs.keys()) words.push(String(number), String(args.length), ...args);
  words.push(String(shapes.size));
  for (const shape of shapes.keys()) words.push(...shape.split(' '));
  words.push(String(order.length));
  return shapes.size > 1 ? [...words, ...order] : words;
}

/** The number under which a thing stands in a list that begins with 1; adds it where it is new. */
function numberIn<T>(list: Map<T, number>, thing: T): number {
  const number = list.get(thing) ?? list.size + 1;
  list.set(thing, number);
  return number;
}
