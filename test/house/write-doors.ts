import { readFileSync, writeFileSync } from 'node:fs';
import { facesOf, roomsOf } from './doors.ts';
import { readSources, root } from './source.ts';

// `npm run doors`: after a room is added, both manifests follow. test/house/doors.node.test.ts fails until they do.
const faces = facesOf(roomsOf(readSources('src')));
rewrite('package.json', (manifest) => ({ ...manifest, exports: faces.exports, typesVersions: faces.typesVersions }));
rewrite('deno.json', (manifest) => ({ ...manifest, exports: faces.denoExports, imports: faces.denoImports }));

function rewrite(name: string, change: (manifest: Record<string, unknown>) => Record<string, unknown>): void {
  const before = JSON.parse(readFileSync(root + name, 'utf8'));
  writeFileSync(root + name, `${JSON.stringify(change(before), undefined, 2)}\n`);
}
