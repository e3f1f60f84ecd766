/** Prints what the observatory says of sites: `observatory.child.ts <host:port> …`. In a process of its own: it must trust a certificate. */
import { locate } from './install.ts';

/** The part of the package that is used, and of its answer. */
interface Scanner {
  readonly scan: (host: string) => Promise<{
    readonly scan: {
      readonly score: number;
      readonly grade: string;
      readonly responseHeaders: Readonly<Record<string, string>>;
    };
    readonly tests: Readonly<Record<string, { readonly result: string }>>;
  }>;
}

// The cast: it is the shape that the pinned version has.
const { scan } = await import(locate('@mdn/mdn-http-observatory')) as Scanner;
console.log(JSON.stringify(
  await Promise.all(
    process.argv.slice(2).map(async (host) => {
      const { scan: { score, grade, responseHeaders }, tests } = await scan(host);
      const results = Object.entries(tests).map(([name, { result }]) => `${name}: ${result}`);
      return { score, grade, headers: responseHeaders, results };
    }),
  ),
));
process.exit(0);
