import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { parseMediaType } from 'sallyport/net';
import { MIMEType } from 'whatwg-mimetype';
import { compare, type Effort, type Report } from './harness.ts';

/** What is sent most, and one of each other kind. */
const MEDIA_TYPES: readonly string[] = [
  'application/json',
  'application/json; charset=utf-8',
  'text/html;charset="UTF-8"',
  'multipart/form-data; boundary=----WebKitFormBoundary7MA4YWxkTrZu0gW',
  'application/vnd.api+json; profile="https://example.com/a, b"',
];

export async function* parsingReports(effort: Effort): AsyncGenerator<Report> {
  yield await mediaType(effort);
}

async function mediaType(effort: Effort): Promise<Report> {
  for (const text of MEDIA_TYPES) {
    const theirs = MIMEType.parse(text);
    const ours = parseMediaType(text);
    strictEqual(ours?.essence, theirs?.essence);
    deepStrictEqual([...ours?.parameters ?? []], [...theirs?.parameters ?? []]);
  }
  return await compare({
    id: 'headers/media-type',
    title: 'A media type, of five in turn',
    unit: 'ns',
    jobsPerOperation: MEDIA_TYPES.length,
    contenders: [
      {
        name: 'sallyport',
        kind: 'ours',
        run(operations) {
          let length = 0;
          for (let operation = 0; operation < operations; operation++) {
            for (const text of MEDIA_TYPES) {
              length += parseMediaType(text)?.essence.length ?? 0;
            }
          }
          if (length === 0) throw new Error('Nothing was read.');
        },
      },
      {
        name: 'whatwg-mimetype',
        kind: 'rival',
        run(operations) {
          let length = 0;
          for (let operation = 0; operation < operations; operation++) {
            for (const text of MEDIA_TYPES) {
              length += MIMEType.parse(text)?.essence.length ?? 0;
            }
          }
          if (length === 0) throw new Error('Nothing was read.');
        },
      },
    ],
  }, effort);
}
