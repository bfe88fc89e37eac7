// How browser and room write to each other: the same table as in `live/frames.py`. One binary message each.
export const KIND = { join: 1, update: 2, presence: 3, name: 4, alive: 5, check: 6, kept: 7, refused: 8, again: 9, notice: 10 };
export const PROTOCOL = 2;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

const number = (value) => {
  const out = [];
  while (value > 0x7f) {
    out.push((value % 128) | 0x80);
    value = Math.floor(value / 128);
  }
  out.push(value);
  return out;
};

/** A message of a kind, from numbers, texts (with their length) and bytes (as they are). */
export const message = (kind, ...pieces) => {
  const parts = [Uint8Array.of(kind)];
  for (const piece of pieces) {
    if (typeof piece === "number") parts.push(Uint8Array.from(number(piece)));
    else if (typeof piece === "string") {
      const bytes = encoder.encode(piece);
      parts.push(Uint8Array.from(number(bytes.length)), bytes);
    } else parts.push(piece);
  }
  const out = new Uint8Array(parts.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of parts) {
    out.set(one, at);
    at += one.length;
  }
  return out;
};

/** A message that is one object. */
export const inWords = (kind, words) => message(kind, encoder.encode(JSON.stringify(words)));

/** Reads a message piece by piece. */
export class Reading {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  number() {
    let found = 0;
    let scale = 1;
    for (;;) {
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new RangeError("a message ends too early");
      found += (byte & 0x7f) * scale;
      if (byte < 0x80) return found;
      scale *= 128;
    }
  }
  piece() {
    const length = this.number();
    const found = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return found;
  }
  text() {
    return decoder.decode(this.piece());
  }
  rest() {
    const found = this.bytes.subarray(this.at);
    this.at = this.bytes.length;
    return found;
  }
  words() {
    return JSON.parse(decoder.decode(this.rest()));
  }
}

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** A short sum of a text: CRC-32 of its UTF-8, as the room computes it. */
export const sumOf = (text) => {
  let sum = ~0;
  for (const byte of encoder.encode(text)) sum = TABLE[(sum ^ byte) & 0xff] ^ (sum >>> 8);
  return ~sum >>> 0;
};
