#!/usr/bin/env node
// Rule: a policy that nobody has trained. It pushes a cart back to the middle: its force is drawn from a normal
// distribution around minus half of how far it is and how fast it goes.
//
// A complete Gymwire 1 server of role policy (protocol/SPEC.md, section 16) on Node alone, with the feature batch.
'use strict';
const LONGEST = 1 << 20, SPREAD = 0.5, WIDTH = 2;
const SPACES = {
  obs_space: { type: 'Box', shape: [WIDTH], dtype: 'float32', low: '-Infinity', high: 'Infinity' },
  action_space: { type: 'Box', shape: [1], dtype: 'float32', low: -1, high: 1 },
};
const NEEDS = { hello: 'versions', act: 'obs', reload: null, close: null };
let features = null, longestReply = 67108864;

const isInteger = (value, least = 0, most = Number.MAX_SAFE_INTEGER) => Number.isInteger(value) && value >= least && value <= most;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value) => value === undefined || value === null;
const isFinite32 = (value) => typeof value === 'number' && Number.isFinite(Math.fround(value));
const refuse = (code, message, data = {}) => ({ error: { code, message, data } });

function uniforms(seed) { // splitmix32 over both halves of the seed
  let state = (seed % 2 ** 32) ^ Math.imul(Math.floor(seed / 2 ** 32) + 1, 0x9E3779B1);
  return () => {
    let z = state = (state + 0x9E3779B9) | 0;
    z = Math.imul(z ^ z >>> 16, 0x21F0AAAD); z = Math.imul(z ^ z >>> 15, 0x735A2D97);
    return ((z ^ z >>> 15) >>> 0) / 2 ** 32;
  };
}
const normal = (uniform) => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());

function sameElements(left, right, count) { // one number for all is the same as a list of equal ones
  const list = (value) => Array.isArray(value) ? value : Array(count).fill(value);
  return JSON.stringify(list(left)) === JSON.stringify(list(right));
}
function isSame(wanted, own, isAction) { // bounds of observations are not compared (16.3)
  if (!isObject(wanted) || wanted.type !== own.type) return false;
  if (JSON.stringify(wanted.shape) !== JSON.stringify(own.shape) || (wanted.dtype ?? 'float32') !== own.dtype) return false;
  return !isAction || sameElements(wanted.low, own.low, 1) && sameElements(wanted.high, own.high, 1);
}

function hello({ versions, features: asked, want, client, max_line: longest }) {
  if (features !== null) return refuse('bad_message', 'hello comes once');
  if (!Array.isArray(versions) || !versions.every(Number.isInteger)) return refuse('bad_message', 'versions is a list of integers');
  if (!isAbsent(asked) && !(Array.isArray(asked) && asked.every((name) => typeof name === 'string'))) return refuse('bad_message', 'features is a list of names');
  if (!isAbsent(want) && !isObject(want) || !isAbsent(client) && !isObject(client)) return refuse('bad_message', 'want and client are objects');
  if (!isAbsent(longest) && !isInteger(longest, 65536)) return refuse('bad_message', 'max_line is at least 65536');
  if (!versions.includes(1)) return refuse('unsupported_version', 'this server speaks version 1', { versions: [1] });
  for (const [name, own] of Object.entries(SPACES)) {
    if (!isAbsent(want?.[name]) && !isSame(want[name], own, name === 'action_space')) return refuse('unsupported_space', `${name} is ${JSON.stringify(own)} here`);
  }
  features = (asked ?? []).filter((name) => name === 'batch');
  longestReply = longest ?? longestReply;
  return { version: 1, role: 'policy', server: { name: 'rule', version: '1' }, max_line: LONGEST, features, ...SPACES };
}

function act({ obs, n, seed, deterministic }) {
  const isBatched = features.includes('batch') && !isAbsent(n);
  const rows = isBatched ? n : 1;
  if (!isInteger(rows, 1)) return refuse('bad_message', 'n is an integer of at least 1');
  if (!isAbsent(deterministic) && typeof deterministic !== 'boolean') return refuse('bad_message', 'deterministic is true or false');
  if (!Array.isArray(obs) || obs.length !== rows * WIDTH || !obs.every(isFinite32)) return refuse('bad_message', `obs is not ${rows * WIDTH} numbers`);
  if (!isAbsent(seed) && !(isInteger(seed) && seed + rows - 1 <= Number.MAX_SAFE_INTEGER)) return refuse('bad_seed', 'a seed is an integer from 0 to 2^53-1');
  const actions = [], logps = [], values = [];
  for (let row = 0; row < rows; row += 1) {
    const [place, speed] = obs.slice(row * WIDTH, row * WIDTH + WIDTH).map(Math.fround);
    const mean = Math.max(-9, Math.min(9, -0.5 * (place + speed)));
    const noise = deterministic ? 0 : normal(isAbsent(seed) ? Math.random : uniforms(seed + row));
    actions.push(Math.fround(Math.max(-1, Math.min(1, mean + SPREAD * noise))));
    logps.push(-0.5 * noise ** 2 - Math.log(SPREAD) - 0.5 * Math.log(2 * Math.PI));
    values.push(-Math.abs(place));
  }
  return { action: actions, logp: isBatched ? logps : logps[0], value: isBatched ? values : values[0], policy_version: 1 };
}

function answer(request, id) {
  if (request === null) return refuse('bad_json', 'the line is not a JSON object');
  const { op } = request;
  if (id === null || typeof op !== 'string') return refuse('bad_message', 'a request needs an id and an op');
  if (!Object.hasOwn(NEEDS, op)) return refuse('unknown_op', `there is no op ${JSON.stringify(op)}`);
  if (NEEDS[op] && isAbsent(request[NEEDS[op]])) return refuse('bad_message', `${op} needs ${NEEDS[op]}`);
  if (op === 'hello') return hello(request);
  if (features === null) return refuse('not_ready', 'say hello first');
  if (op === 'act') return act(request);
  return op === 'reload' ? { updated: false, policy_version: 1 } : {};
}

function parse(bytes) {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const request = JSON.parse(text, (_, value) => {
      if (typeof value === 'string' && /\p{Surrogate}/u.test(value)) throw new SyntaxError('half a surrogate pair');
      return value;
    });
    return isObject(request) && text.startsWith('{') ? request : null;
  } catch { return null; }
}
function serve(bytes, isLong) { // true when the conversation is over
  if (!isLong && /^[ \t]*$/.test(bytes.toString('latin1'))) return false;
  const request = isLong ? null : parse(bytes);
  const id = isInteger(request?.id) ? request.id : null;
  const reply = isLong ? refuse('too_large', `the line is longer than ${LONGEST} bytes`) : answer(request, id);
  let text = JSON.stringify({ id, ...reply });
  if (text.length > longestReply) text = JSON.stringify({ id, ...refuse('too_large', 'the reply would be longer than your max_line') });
  process.stdout.write(text + '\n');
  return request?.op === 'close' && !reply.error;
}

let rest = [], length = 0; // the pieces of a line whose end has not come
function take(piece) {
  length += piece.length;
  if (length <= LONGEST + 1) rest.push(piece);
}
function finish() {
  let line = Buffer.concat(rest), isLong = length > LONGEST + 1;
  if (line.at(-1) === 13) line = line.subarray(0, -1); else isLong ||= length > LONGEST;
  [rest, length] = [[], 0];
  return serve(line, isLong);
}
process.stdin.on('data', (chunk) => {
  for (let end; (end = chunk.indexOf(10)) >= 0; chunk = chunk.subarray(end + 1)) {
    take(chunk.subarray(0, end));
    if (finish()) { process.stdin.removeAllListeners(); process.stdin.destroy(); return; }
  }
  take(chunk);
});
process.stdin.on('end', () => { if (length && length <= LONGEST && parse(Buffer.concat(rest))) finish(); });
