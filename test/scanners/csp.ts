import { load } from './install.ts';

/** The part of the package that is used. */
interface Evaluator {
  readonly CspEvaluator: new (csp: unknown) => {
    readonly evaluate: (ofParsed: unknown, ofEffective: unknown) => readonly Finding[];
  };
  readonly DEFAULT_CHECKS: unknown;
  readonly STRICTCSP_CHECKS: unknown;
}
interface Parser {
  readonly CspParser: new (policy: string) => { readonly csp: unknown };
}
interface Findings {
  readonly Severity: Readonly<Record<number, string>>;
  readonly Type: Readonly<Record<number, string>>;
}
interface Finding {
  readonly type: number;
  readonly severity: number;
  readonly directive: string;
  readonly value?: string;
}

/** Everything that csp_evaluator says of a policy, its hints for a strict one included, the worst first: `STRICT_CSP script-src …`. */
export function evaluateCsp(policy: string): readonly string[] {
  // The casts: these are the shapes that the pinned version has.
  const { CspEvaluator, DEFAULT_CHECKS, STRICTCSP_CHECKS } = load('csp_evaluator') as Evaluator;
  const { CspParser } = load('csp_evaluator/dist/parser.js') as Parser;
  const { Severity, Type } = load('csp_evaluator/dist/finding.js') as Findings;
  const findings = new CspEvaluator(new CspParser(policy).csp).evaluate(STRICTCSP_CHECKS, DEFAULT_CHECKS);
  return findings.toSorted((one, other) => one.severity - other.severity).map(
    ({ type, severity, directive, value = '' }) => {
      return `${Severity[severity]} ${directive} ${Type[type]} ${value}`.trim();
    },
  );
}
