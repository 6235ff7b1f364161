// What an authenticator app does (RFC 6238: SHA-1, 30 s, six digits).

import { createHmac } from "node:crypto";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an app with this secret shows, some steps from now. */
export function totp(secret, steps = 0, nowMs = Date.now()) {
  const bits = [...secret].map((sign) => BASE32.indexOf(sign).toString(2).padStart(5, "0")).join("");
  const seed = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(nowMs / 30_000) + steps));
  const hash = createHmac("sha1", seed).update(counter).digest();
  const code = hash.readUInt32BE(hash.at(-1) & 0xf) & 0x7fff_ffff;
  return String(code % 1_000_000).padStart(6, "0");
}
