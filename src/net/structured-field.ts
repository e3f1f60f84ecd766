/** One value without parameters. The tag is the type of RFC 9651, which the value alone does not tell: `a` and `"a"` are two things. */
export type BareItem =
  /** A whole number of at most 15 digits; `decimal` has at most 12 before and 3 behind its point; `date` is in seconds since 1970. */
  | { readonly type: 'integer' | 'decimal' | 'date'; readonly value: number }
  /** `string` is printable ASCII, `token` a word such as `gzip` or `text/html`, `displayString` any Unicode, never to be trusted as markup. */
  | { readonly type: 'string' | 'token' | 'displayString'; readonly value: string }
  | { readonly type: 'bytes'; readonly value: Uint8Array }
  | { readonly type: 'boolean'; readonly value: boolean };

/** Parameters by key, in their order. */
export type ItemParameters = ReadonlyMap<string, BareItem>;

/** A value with its parameters, which a parsed item always has, if only none. */
export type Item = BareItem & { readonly parameters?: ItemParameters | undefined };

/** A list within a list or a dictionary: `("a" "b");q=1`. It holds items alone, so nothing nests deeper. */
export interface InnerList {
  /** Tells it from an item. */
  readonly type: 'innerList';
  /** Its items. */
  readonly items: readonly Item[];
  /** Parameters of the list as a whole; always there when parsed. */
  readonly parameters?: ItemParameters | undefined;
}

/** The value of a field that is a List. */
export type List = readonly (Item | InnerList)[];

/** The value of a field that is a Dictionary: members by key, in their order. */
export type Dictionary = ReadonlyMap<string, Item | InnerList>;
