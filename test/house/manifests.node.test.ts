import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { root } from './source.ts';

const manifest = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));
const lockfiles = ['package-lock.json', 'test/runtimes/package-lock.json', 'bench/package-lock.json'];

describe('the manifests', () => {
  it('name no runtime dependency', () => {
    expect(manifest.dependencies ?? {}).toEqual({});
    expect(manifest.peerDependencies ?? {}).toEqual({});
    expect(manifest.optionalDependencies ?? {}).toEqual({});
  });

  it('run nothing on a machine that installs the package', () => {
    expect(Object.keys(manifest.scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  });

  it('pin what they develop with', () => {
    for (const version of Object.values(manifest.devDependencies)) expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });

  it('agree on the version', () => {
    expect(JSON.parse(readFileSync(`${root}deno.json`, 'utf8')).version).toBe(manifest.version);
  });

  it.each(lockfiles)('%s names no address to download from', (name) => {
    expect(existsSync(root + name)).toBe(true);
    expect(readFileSync(root + name, 'utf8')).not.toMatch(/"resolved": "(?!file:)/);
  });
});
