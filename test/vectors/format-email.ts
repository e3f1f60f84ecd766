const ATOM = "!#$%&'*+-/=?^_`{|}~";

/** Addresses, by RFC 5321 section 4.1.2 with the Dot-string for a local part, and a domain of two labels or more (section 2.3.5). */
export const EMAILS: readonly string[] = [
  'a@b.co',
  'ada@example.com',
  'Ada@EXAMPLE.Com',
  'first.last@sub.example.co.uk',
  "o'brien@example.ie",
  // RFC 5233: a subaddress.
  'ada+orders@example.com',
  // RFC 3696 section 3, its examples without quotes.
  'user+mailbox@example.com',
  'customer/department=shipping@example.com',
  '$A12345@example.com',
  '!def!xyz%abc@example.com',
  '_somename@example.com',
  // RFC 5322 section 3.2.3: atext.
  `${ATOM}@example.com`,
  `${ATOM}.${ATOM}@example.com`,
  '1@2.example',
  '-@a-b.c--d.example',
  // RFC 5890 section 2.3.2.1: an A-label.
  'a@xn--nxasmq6b.example',
  // RFC 5321 section 4.5.3.1.1: 64 characters; section 4.5.3.1.3 (and erratum 1690 of RFC 3696): 254.
  `${'a'.repeat(64)}@example.com`,
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(58)}.uk`,
  // RFC 1035 section 2.3.4: 63.
  `a@${'b'.repeat(63)}.com`,
];

/** Texts that are none, though some reader takes each of them. */
export const NOT_EMAILS: readonly string[] = [
  '',
  '@',
  'a',
  'a@',
  '@b.co',
  'a.b.co',
  // Hostile list 27, and a header of its own where the text is put into one.
  'a@b.co\n',
  'a@b.co\r\nBcc: c@d.ef',
  ' a@b.co',
  'a@b.co ',
  'a b@c.de',
  'a@ b.co',
  // RFC 5321 section 4.1.2: atoms between single dots.
  '.a@b.co',
  'a.@b.co',
  'a..b@c.de',
  // Two addresses, of which one reader takes the first and another the last.
  'a@b.co@c.de',
  'a@b@c.de',
  'a@b.co,c@d.ef',
  'a@b.co;c@d.ef',
  // RFC 5321 section 4.1.2: Quoted-string, read differently by the servers behind.
  '"a"@b.co',
  '"a@b.co"@c.de',
  '"a b"@c.de',
  'a\\@b@c.de',
  // RFC 5322 section 3.2.2: comments. Section 3.4: display names and lists.
  'a(c)@b.co',
  'a@b.co(c)',
  'a@(c)b.co',
  'Ada <ada@example.com>',
  '<ada@example.com>',
  'mailto:ada@example.com',
  'team: ada@example.com;',
  // RFC 5321 section 4.1.3: address literals.
  'a@[192.0.2.1]',
  'a@[IPv6:2001:db8::1]',
  'a@192.0.2.1',
  'a@b.1',
  'a@b.0x7f',
  // RFC 5321 section 2.3.5: no local aliases.
  'a@localhost',
  'a@b',
  'a@b.co.',
  'a@.b.co',
  'a@b..co',
  'a@.',
  'a@-b.co',
  'a@b-.co',
  'a@b.-co',
  'a@b_c.de',
  'a@b%2eco',
  'a@b.co:25',
  'a@b.co/c',
  // RFC 6531: not ASCII.
  '\u00e9@b.co',
  'a@\u00e9.co',
  'a@b\u3002co',
  'a\uff20b.co',
  `${'a'.repeat(65)}@example.com`,
  `a@${'b'.repeat(64)}.com`,
  `${'a'.repeat(64)}@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(59)}.uk`,
];
