import type { Type as Valita } from '@badrap/valita';
import type { TSchema } from 'typebox';
import type { GenericSchema } from 'valibot';
import type { ZodType } from 'zod';
import type { ZodMiniType } from 'zod/mini';
import { build, type Compile, type Leaves } from './schema.cases.ts';

/** Another library, in the way its documentation says is fastest. */
export interface Rival {
  readonly name: string;
  readonly generates: boolean;
  readonly load: () => Promise<Compile>;
}

export const RIVALS: readonly Rival[] = [
  { name: 'zod (generates code)', generates: true, load: () => loadZod(false) },
  { name: 'zod (jitless)', generates: false, load: () => loadZod(true) },
  { name: 'zod/mini (jitless)', generates: false, load: loadZodMini },
  { name: 'valibot', generates: false, load: loadValibot },
  { name: 'valita', generates: false, load: loadValita },
  { name: 'arktype (generates code)', generates: true, load: loadArktype },
  { name: 'typebox (generates code)', generates: true, load: loadTypebox },
  { name: 'ajv (generates code)', generates: true, load: loadAjv },
];

async function loadZod(jitless: boolean): Promise<Compile> {
  const { z } = await import('zod');
  z.config({ jitless });
  const leaves: Leaves<ZodType> = { number: z.number(), string: z.string(), boolean: z.boolean() };
  return (fields, what) => {
    const join = what === 'parseSafe' ? z.object : what === 'assertLoose' ? z.looseObject : z.strictObject;
    const schema = build(fields, leaves, (shape): ZodType => join(shape));
    return (value) => schema.safeParse(value).data;
  };
}

async function loadZodMini(): Promise<Compile> {
  const z = await import('zod/mini');
  z.config({ jitless: true });
  const leaves: Leaves<ZodMiniType> = { number: z.number(), string: z.string(), boolean: z.boolean() };
  return (fields, what) => {
    const join = what === 'parseSafe' ? z.object : what === 'assertLoose' ? z.looseObject : z.strictObject;
    const schema = build(fields, leaves, (shape): ZodMiniType => join(shape));
    return (value) => schema.safeParse(value).data;
  };
}

async function loadValibot(): Promise<Compile> {
  const v = await import('valibot');
  const leaves: Leaves<GenericSchema> = { number: v.number(), string: v.string(), boolean: v.boolean() };
  return (fields, what) => {
    const schema = build(fields, leaves, (shape): GenericSchema => {
      if (what === 'parseSafe') return v.object(shape);
      return what === 'assertLoose' ? v.looseObject(shape) : v.strictObject(shape);
    });
    if (what.startsWith('assert')) return (value) => v.is(schema, value);
    return (value) => {
      const result = v.safeParse(schema, value);
      return result.success ? result.output : undefined;
    };
  };
}

async function loadValita(): Promise<Compile> {
  const v = await import('@badrap/valita');
  const leaves: Leaves<Valita> = { number: v.number(), string: v.string(), boolean: v.boolean() };
  return (fields, what) => {
    const schema = build(fields, leaves, (shape): Valita => v.object(shape));
    const mode = what === 'parseSafe' ? 'strip' : what === 'assertLoose' ? 'passthrough' : 'strict';
    const options = { mode } as const;
    return (value) => {
      const result = schema.try(value, options);
      return result.ok ? result.value : undefined;
    };
  };
}

async function loadArktype(): Promise<Compile> {
  const { type } = await import('arktype');
  const leaves: Leaves<unknown> = { number: 'number', string: 'string', boolean: 'boolean' };
  return (fields, what) => {
    const unknown = what === 'parseSafe' ? 'delete' : what === 'assertLoose' ? 'ignore' : 'reject';
    const schema = type.raw(build(fields, leaves, (shape): unknown => ({ '+': unknown, ...shape })));
    if (what.startsWith('assert')) return (value) => schema.allows(value);
    return (value) => {
      const result: unknown = schema(value);
      return result instanceof type.errors ? undefined : result;
    };
  };
}

async function loadTypebox(): Promise<Compile> {
  const { Type } = await import('typebox');
  const { Compile } = await import('typebox/compile');
  const leaves: Leaves<TSchema> = { number: Type.Number(), string: Type.String(), boolean: Type.Boolean() };
  return (fields, what) => {
    const options = what.endsWith('Strict') ? { additionalProperties: false } : {};
    const validator = Compile(build(fields, leaves, (shape): TSchema => Type.Object(shape, options)));
    if (what.startsWith('assert')) return (value) => validator.Check(value);
    if (what === 'parseStrict') return (value) => validator.Check(value) ? value : undefined;
    return (value) => validator.Check(value) ? validator.Clean(value) : undefined;
  };
}

async function loadAjv(): Promise<Compile> {
  const { Ajv } = await import('ajv');
  const leaves: Leaves<object> = {
    number: { type: 'number' },
    string: { type: 'string' },
    boolean: { type: 'boolean' },
  };
  return (fields, what) => {
    const additionalProperties = what === 'assertLoose';
    const schema = build(fields, leaves, (properties): object => {
      return { type: 'object', properties, required: Object.keys(properties), additionalProperties };
    });
    const validate = new Ajv({ removeAdditional: what === 'parseSafe' }).compile(schema);
    return (value) => validate(value) ? value : undefined;
  };
}
