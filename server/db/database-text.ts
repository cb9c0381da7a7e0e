/** Longest name, characters and bytes: five of them are one entry of a B-tree index, which takes 2,704 bytes. */
const CHARACTERS_MAX = 250;
const BYTES_MAX = 500;

/** A name from elsewhere as PostgreSQL takes it, in a column, an index or JSON: without NUL and halves of characters, and not too long. */
export function nameForDatabase(name: string): string {
  const text = name.slice(0, CHARACTERS_MAX).replaceAll("\0", "").toWellFormed();
  const bytes = Buffer.from(text);
  return bytes.length <= BYTES_MAX ? text : new TextDecoder().decode(bytes.subarray(0, BYTES_MAX));
}

/** Longest text of people's or a process's words that is kept, characters. */
const TEXT_MAX = 2000;

/** The same for words, which may be longer and are in no index. */
export function textForDatabase(text: string): string {
  return text.slice(0, TEXT_MAX).replaceAll("\0", "").toWellFormed();
}
