import { encodeHex } from '../encoding/hex.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import type { Step, StepCall } from './step.ts';

/** A Lua script, and what `EVALSHA` knows it by. */
export interface RedisScript {
  readonly source: string;
  readonly sha: string;
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
  /** The script with all steps so far; made anew only when one has come. */
  readonly read: () => Promise<RedisScript>;
}

/**
 * Everything runs on one server, which nothing interrupts, under its own clock. Each group computes all its steps before it writes anything, so
 * that a step that fails, finds what nobody wrote, or returns what the server would not write, leaves its group unwritten and the others alone.
 *
 * KEYS: those of all groups, one after another. ARGV: the number of specs; for each the number of its step, of its arguments, and these; the number of
 * shapes, which are lists of specs; for each its length and the numbers of these; then the number of groups, and the shape of each. Hundreds of groups of one limiter have one
 * shape, and so one word each. Returned: seconds, microseconds, and for each group 1, 0 or -1 (it failed), and the results.
 */
const HEAD = `local call, tonumber, format = redis.call, tonumber, string.format
local function integer(text)
  local n = tonumber(text)
  if not n or not (n >= 0 and n < 9007199254740992) or n % 1 ~= 0 then error('no whole number') end
  return n
end
local function integers(text)
  local list = {}
  for word in string.gmatch(text, '[^ ]+') do list[#list + 1] = integer(word) end
  return list
end
local function spell(first, ...)
  if select('#', ...) == 0 then return format('%.0f', first) end
  local words = { first, ... }
  for i = 1, #words do words[i] = format('%.0f', words[i]) end
  return table.concat(words, ' ')
end
local steps = {
`;
const TAIL = `}
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local at = 0
local function take()
  at = at + 1
  return ARGV[at]
end
local specs, shapes = {}, {}
for i = 1, tonumber(take()) do
  local step, args = steps[tonumber(take())], {}
  for j = 1, tonumber(take()) do args[j] = take() end
  specs[i] = { step, args }
end
for i = 1, tonumber(take()) do
  local shape = {}
  for j = 1, tonumber(take()) do shape[j] = specs[tonumber(take())] end
  shapes[i] = shape
end
local answer = { tonumber(time[1]), tonumber(time[2]) }
local groups, done, last = tonumber(take()), 0, 0
local function write(key, state, ttl)
  if state then call('SET', key, state, 'PX', ttl) else call('DEL', key) end
end
local function check(state, ttl)
  if not state then return end
  local lasts = type(ttl) == 'number' and ttl >= 1 and ttl < 9007199254740992 and ttl % 1 == 0
  if type(state) ~= 'string' or not lasts then error('nothing to write') end
end
local function run()
  while done < groups do
    local shape, group = shapes[tonumber(ARGV[at + done + 1])], { 1 }
    local size = #shape
    if size == 1 then
      local key = KEYS[last + 1]
      local yes, state, ttl, result = shape[1][1](call('GET', key), shape[1][2], now)
      group[2] = result
      if yes then write(key, state, ttl) else group[1] = 0 end
    else
      local states, ttls, writer = {}, {}, {}
      for i = 1, size do
        local key, state = KEYS[last + i], nil
        if writer[key] then state = states[writer[key]] else state = call('GET', key) end
        local yes, after, ttl, result = shape[i][1](state, shape[i][2], now)
        group[i + 1] = result
        if yes then
          check(after, ttl)
          states[i], ttls[i], writer[key] = after, ttl, i
        else
          group[1] = 0
        end
      end
      if group[1] == 1 then
        for i = 1, size do
          local key = KEYS[last + i]
          if writer[key] == i then write(key, states[i], ttls[i]) end
        end
      end
    end
    done, last = done + 1, last + size
    answer[done + 2] = group
  end
end
while done < groups do
  local fine, why = pcall(run)
  if not fine then
    last = last + #shapes[tonumber(ARGV[at + done + 1])]
    done = done + 1
    answer[done + 2] = { -1, type(why) == 'table' and why.err or tostring(why) }
  end
end
return answer`;

/** Makes an empty book. */
export function createScriptBook(): ScriptBook {
  const numbers = new Map<Step, number>();
  const names = new Set<string>();
  const specs = new WeakMap<object, ScriptSpec>();
  let script: Promise<RedisScript> | undefined;

  function write({ step, space, key, args }: StepCall): ScriptCall {
    if (typeof key !== 'string') throw new TypeError('Cannot run step: key must be a string.');
    return { spec: specOf(step, args), space, key };
  }

  function specOf(step: Step, args: unknown): ScriptSpec {
    const { name, twin } = step;
    if (twin === undefined) throw new TypeError(`Cannot run step ${name} on Redis: it has no twin in Lua.`);
    const number = numberOf(step);
    // What cannot change is written once: a limiter passes the same arguments for nearly every request.
    const isFixed = typeof args === 'object' && args !== null && Object.isFrozen(args);
    const known = isFixed ? specs.get(args) : undefined;
    if (known?.number === number) return known;
    const spec = {
      number,
      args: twin.encode(args),
      decode: (reply: readonly unknown[]): unknown => twin.decode(reply),
    };
    if (isFixed) specs.set(args, spec);
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

  async function make(): Promise<RedisScript> {
    const bodies = [...numbers.keys()].map(({ name, twin }) =>
      `-- ${name}\nfunction(state, args, now)\n${twin?.lua}\nend,\n`
    );
    const source = HEAD + bodies.join('') + TAIL;
    // SHA-1, because that is what Redis names scripts by; nothing is trusted for it.
    const sha = encodeHex(new Uint8Array(await crypto.subtle.digest('SHA-1', encodeUtf8(source))));
    return { source, sha };
  }

  return Object.freeze({ write, read: () => script ??= make() });
}

/** Writes groups as the script reads them, behind the number of keys and these. */
export function encodeGroups(
  groups: readonly (readonly ScriptCall[])[],
  nameOf: (call: ScriptCall) => string,
): readonly string[] {
  const keys: string[] = [];
  const specs = new Map<ScriptSpec, number>();
  const shapes = new Map<string, number>();
  const order: string[] = [];
  for (const group of groups) {
    let shape = String(group.length);
    for (const call of group) {
      keys.push(nameOf(call));
      shape += ` ${numberIn(specs, call.spec)}`;
    }
    order.push(String(numberIn(shapes, shape)));
  }
  const words = [String(keys.length), ...keys, String(specs.size)];
  for (const { number, args } of specs.keys()) words.push(String(number), String(args.length), ...args);
  words.push(String(shapes.size));
  for (const shape of shapes.keys()) words.push(...shape.split(' '));
  return [...words, String(order.length), ...order];
}

/** The number under which a thing stands in a list that begins with 1; adds it where it is new. */
function numberIn<T>(list: Map<T, number>, thing: T): number {
  const number = list.get(thing) ?? list.size + 1;
  list.set(thing, number);
  return number;
}
