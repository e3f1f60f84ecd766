const assert = require('node:assert/strict');
const { isRefusal, Refusal } = require('sallyport');
const { createLimiter } = require('sallyport/limiter');
const { createPkce } = require('sallyport/pkce');
const { memoryStore } = require('sallyport/store');

const limiter = createLimiter({
  store: memoryStore(),
  limits: [{ name: 'writes', limit: 1, windowSeconds: 60 }],
});

async function main() {
  assert.equal((await createPkce()).method, 'S256');
  assert.equal((await limiter.consume('a')).allowed, true);
  assert.equal((await limiter.consume('a')).allowed, false);

  // A bundler that does not split CommonJS gives each subpath a class of its own.
  assert.equal(require('sallyport/core').Refusal, Refusal);
  assert.ok(isRefusal(new Refusal('not_found')));

  const doors = Object.keys(require('sallyport/package.json').exports).filter((door) => door !== './package.json');
  for (const door of doors) assert.ok(Object.keys(require(`sallyport${door.slice(1)}`)).length > 0, door);
  console.log(`${doors.length} doors`);
}

main();
