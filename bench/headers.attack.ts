/** What is made to take long. */
export interface Attack {
  readonly name: string;
  /** An input of about that many characters. */
  readonly make: (length: number) => string;
  /** Never answers null; what is refused is an answer. */
  readonly run: (input: string) => unknown;
}

/** What stands before, what is repeated, what stands after. */
export type Seed = readonly [before: string, repeated: string, after?: string];

/** Attacks on what reads text. */
export function onText(name: string, run: Attack['run'], ...seeds: readonly Seed[]): readonly Attack[] {
  return seeds.map(([before, repeated, after = '']) => ({
    name: `${name} \`${show(before)}${show(repeated).repeat(2)}…${show(after)}\``,
    make: (length) => flat(before + repeated.repeat(Math.ceil(length / repeated.length)) + after),
    run: (input) => attempt(() => run(input)),
  }));
}

/** Attacks on what reads a request, which is made once for each input, as the platform does. */
export function onHeader(
  name: string,
  header: string,
  read: (request: Request) => unknown,
  ...seeds: readonly Seed[]
): readonly Attack[] {
  const requests = new Map<string, Request>();
  return onText(name, (value) => {
    let request = requests.get(value);
    if (request === undefined) requests.set(value, request = requestWith(header, value));
    return read(request);
  }, ...seeds);
}

/** An attack whose every piece is another, so that what collects them has to keep all. */
export function onPieces(name: string, run: Attack['run'], piece: (index: number) => string, after: string): Attack {
  return {
    name: `${name} \`${show(piece(0))}${show(piece(1))}…${show(after)}\``,
    make(length) {
      const pieces: string[] = [];
      for (let made = 0; made < length; made += pieces.at(-1)?.length ?? 0) pieces.push(piece(pieces.length));
      return flat(pieces.join('') + after);
    },
    run: (input) => attempt(() => run(input)),
  };
}

/** A request that every guard looks at: an unsafe method for the one, a preflight for the other. */
function requestWith(header: string, value: string): Request {
  const isPreflight = header === 'access-control-request-headers';
  const asked = { 'origin': 'https://app.example', 'access-control-request-method': 'POST' };
  return new Request('https://api.example/', {
    method: isPreflight ? 'OPTIONS' : 'POST',
    headers: { ...(isPreflight ? asked : {}), [header]: value },
  });
}

function attempt(job: () => unknown): unknown {
  try {
    return job();
  } catch (refusal) {
    return refusal;
  }
}

/** One string, which reading a character makes of the tree of pieces that repeating built. */
function flat(text: string): string {
  if (Number.isNaN(text.charCodeAt(0))) throw new TypeError('An attack must not be empty.');
  return text;
}

/** How a cell of a Markdown table shows it. */
function show(text: string): string {
  return text
    .replaceAll('\t', '\\t')
    .replaceAll('\ud800', '\\ud800')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('|', '\\|')
    .replaceAll('`', '\\`');
}
