// What lies on a device is sealed with the key of its record, which only a page of that record is told and which lies
// nowhere on the device. It is written at once, since a page may be gone the next moment; `crypto.subtle` could not do that,
// nor is it there on a plain http address of a school's network.
//
// A sealed text says the day it was written on, for what nobody fetches any more; the day and the place it lies at belong
// to what is sealed, so that nothing can be moved to another place or made younger.

const SEALED = /^2\.(\d{1,6})\.([A-Za-z0-9+/=]+)$/;
const NONCE = 24; // bytes
const MS_A_DAY = 24 * 3600 * 1000;

function keyOf(hex) {
  return /^[0-9a-f]{64}$/.test(hex ?? "") ? Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16)) : null;
}

function seal(what, key, place) {
  const day = Math.floor(Date.now() / MS_A_DAY);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE));
  const hidden = sealing(key, nonce, place, day).encrypt(new TextEncoder().encode(JSON.stringify(what)));
  let letters = "";
  for (const part of [nonce, hidden]) {
    for (let at = 0; at < part.length; at += 8192) letters += String.fromCharCode(...part.subarray(at, at + 8192));
  }
  return `2.${day}.${btoa(letters)}`;
}

// What was sealed; null for anything that was not, not with this key, not here, or not quite so.
function unseal(text, key, place) {
  try {
    const [, day, letters] = text.match(SEALED);
    const whole = Uint8Array.from(atob(letters), (one) => one.charCodeAt(0));
    const open = sealing(key, whole.subarray(0, NONCE), place, day).decrypt(whole.subarray(NONCE));
    return JSON.parse(new TextDecoder().decode(open));
  } catch {
    return null;
  }
}

// The day, counted from 1970, that a text was sealed on; null for another text.
function sealedOn(text) {
  const found = SEALED.exec(text ?? "");
  return found && Number(found[1]);
}

function sealing(key, nonce, place, day) {
  return ciphers.xchacha20poly1305(key, nonce, new TextEncoder().encode(`${place} ${day}`));
}
