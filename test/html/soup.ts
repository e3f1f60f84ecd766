import fc from 'fast-check';

const NAMES =
  'a b i em strong code pre p br h1 h2 h6 ul ol li blockquote div span table tr td caption select option svg math mtext mi'
    .concat(
      ' foreignObject desc annotation-xml style script title textarea xmp noscript noframes iframe plaintext template form button',
    )
    .concat(' img body html head frameset nobr font object B UL sVg ruby rt dd dt x-y __proto__ constructor').split(
      ' ',
    );
const ATTRIBUTES = [
  'href=https://a.test/',
  'href="https://a.test/?a=b&amp;c=\'"',
  "href='mailto:a@b \" c'",
  'href=javascript:alert(1)',
  'href="java&#9;script:alert(1)"',
  'href',
  'HREF = //a.test',
  'onclick=alert(1)',
  'title="<b>"',
  "title='</style><b>'",
  'title="-->"',
  'x=`>`',
  'x="',
  "x='",
  '=',
  '/',
  'id=x',
  'style=x',
];
const PIECES = [
  '<!--',
  '-->',
  '--!>',
  '<!-->',
  '<!--->',
  '<!',
  '<?',
  '</',
  '</>',
  '<![CDATA[',
  ']]>',
  '<',
  '>',
  '"',
  "'",
  '&',
  '`',
  '=',
  '/',
]
  .concat([
    '&lt;',
    '&#60;',
    '&#x3c',
    '&amp;lt;',
    '&nbsp;',
    '&quot;',
    '&bogus;',
    '&#0;',
    '&#13;',
    '&#xd800;',
    '\n',
    '\r',
    '\r\n',
    '\t',
    '\f',
    ' ',
  ])
  .concat([
    '\0',
    '\u001b',
    '\u00a0',
    '\ufeff',
    '\ud800',
    '\udc00',
    '\ufffe',
    '\u2028',
    '\u212a',
    'x',
    'alert(1)',
    '-',
    '!',
  ]);

const attribute = fc.tuple(fc.constantFrom(' ', '/', '\n', '\f', ''), fc.constantFrom(...ATTRIBUTES)).map((parts) =>
  parts.join('')
);
const tag = fc.tuple(
  fc.constantFrom('<', '<', '</'),
  fc.constantFrom(...NAMES),
  fc.array(attribute, { maxLength: 3 }).map((list) => list.join('')),
  fc.constantFrom('>', '>', '>', '>', '>', '/>', ' >', '', '\0>'),
).map((parts) => parts.join(''));
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 5 }), fc.string({ maxLength: 5 }));

/** Text made of what HTML is made of, in any order. */
export const soup: fc.Arbitrary<string> = fc.array(
  fc.oneof({ arbitrary: tag, weight: 6 }, { arbitrary: fc.constantFrom(...PIECES), weight: 3 }, {
    arbitrary: text,
    weight: 1,
  }),
  { maxLength: 40 },
).map((parts) => parts.join(''));

/** Only what the sanitiser knows, so that the nesting is what is tried. */
export const knownSoup: fc.Arbitrary<string> = fc.array(
  fc.tuple(
    fc.constantFrom('<', '<', '</'),
    fc.constantFrom(...NAMES.slice(0, 16)),
    fc.constantFrom('>', ' href=https://a.test/>'),
  )
    .map((parts) => parts.join('')).chain((one) => fc.constantFrom(one, `${one}x`, `${one}\n`)),
  { maxLength: 60 },
).map((parts) => parts.join(''));
