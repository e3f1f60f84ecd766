/** UUIDs, each from RFC 9562. */
export const UUIDS: readonly string[] = [
  // Section 4.
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  // Appendix A.1 to A.6, in the cases of the text.
  'C232AB00-9414-11EC-B3C8-9F6BDECED846',
  '5df41881-3aed-3515-88a7-2f4a814cf09e',
  '919108f7-52d1-4320-9bac-f847db4148a8',
  '2ed6657d-e927-568b-95e1-2665a8aea6a2',
  '1EC9414C-232A-6B00-B3C8-9F6BDECED846',
  '017F22E2-79B0-7CC3-98C4-DC0C0C07398F',
  // Appendix B.1 and B.2: version 8.
  '2489E9AD-2EE2-8E00-8EC9-32D5F69181C0',
  '5c146b14-3c52-8afd-938a-375d0df1fbf6',
  // Section 5.9 and 5.10: nil and max.
  '00000000-0000-0000-0000-000000000000',
  'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
  // Section 4.1: a variant of before, and one reserved; an identifier is opaque.
  '6ba7b810-9dad-11d1-00b4-00c04fd430c8',
  '6ba7b810-9dad-f1d1-e0b4-00c04fd430c8',
  'f81D4fae-7DEC-11d0-A765-00a0C91e6bF6',
];

/** Texts that are none (section 4: hexDigit and hyphens alone). */
export const NOT_UUIDS: readonly string[] = [
  '',
  '-',
  'f81d4fae',
  'f81d4fae7dec11d0a76500a0c91e6bf6',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf60',
  'f81d4fa-e7dec-11d0-a765-00a0c91e6bf6',
  'f81d4fae-7dec-11d0-a76500a0c91e6bf6',
  'f81d4fae-7dec-11d0-a765-00a0c91e-6bf6',
  'f81d4fae_7dec_11d0_a765_00a0c91e6bf6',
  'f81d4fae 7dec 11d0 a765 00a0c91e6bf6',
  'f81d4fae--dec-11d0-a765-00a0c91e6bf6',
  'g81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  '0x1d4fae-7dec-11d0-a765-00a0c91e6bf6',
  '+81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  '\uff1681d4fae-7dec-11d0-a765-00a0c91e6bf',
  // Section 4: as a URN; and as registries of components write it.
  'urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  '{f81d4fae-7dec-11d0-a765-00a0c91e6bf6}',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf6\n',
  ' f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
  'f81d4fae-7dec-11d0-a765-00a0c91e6bf6,f81d4fae-7dec-11d0-a765-00a0c91e6bf6',
];
