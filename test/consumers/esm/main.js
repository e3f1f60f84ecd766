import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isRefusal, Refusal } from 'sallyport';
import * as core from 'sallyport/core';
import { createPkce } from 'sallyport/pkce';
import { object, parse, string } from 'sallyport/schema';

const { method } = await createPkce();
assert.equal(method, 'S256');
assert.equal(parse(object({ name: string() }), { name: 'a' }).ok, true);

// One copy of the class behind every subpath.
assert.equal(core.Refusal, Refusal);

// An ESM and a CommonJS copy meet in one process: the brand holds where `instanceof` does not.
const cjs = createRequire(import.meta.url)('sallyport');
assert.notEqual(cjs.Refusal, Refusal);
assert.ok(isRefusal(new cjs.Refusal('not_found')) && cjs.isRefusal(new Refusal('not_found')));
assert.ok(!isRefusal(new Error('not_found')));

const { exports } = JSON.parse(readFileSync(new URL(import.meta.resolve('sallyport/package.json')), 'utf8'));
const doors = Object.keys(exports).filter((door) => door !== './package.json');
for (const door of doors) assert.ok(Object.keys(await import(`sallyport${door.slice(1)}`)).length > 0, door);
console.log(`${doors.length} doors`);
