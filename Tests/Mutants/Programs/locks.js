#!/usr/bin/env node
// Locks: two dials, one of two and one of three places, which open a lock together. The observation is how many turns have
// been made and which place of the second dial is stuck; the mask forbids that one. An episode ends when the lock is open,
// or after eight turns.
//
// A complete Gymwire 1 server with the features batch and mask, on Node alone.
'use strict';
const LONGEST = 1 << 18, LIMIT = 8, MOST = 4;
const HELLO = {
  version: 1, role: 'env', server: { name: 'locks', version: '1' }, max_line: LONGEST,
  spec: { id: 'Locks-v1', max_episode_steps: LIMIT },
  obs_space: { type: 'MultiDiscrete', shape: [2], nvec: [LIMIT + 1, 3] },
  action_space: { type: 'MultiDiscrete', shape: [2], nvec: [2, 3], start: [1, 0] },
};
const NEEDS = { hello: 'versions', reset: null, step: 'action', close: null };
let features = null, locks = [];

const isInteger = (value, least = 0, most = Number.MAX_SAFE_INTEGER) => Number.isInteger(value) && value >= least && value <= most;
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const isAbsent = (value) => value === undefined || value === null;
const refuse = (code, message, data = {}) => ({ error: { code, message, data } });

class Lock {
  state = Math.floor(Math.random() * 2 ** 32) | 1;
  isRunning = false;
  random(n) { // xorshift32
    this.state ^= this.state << 13; this.state ^= this.state >>> 17; this.state ^= this.state << 5;
    return (this.state >>> 0) % n;
  }
  reset(seed) {
    if (!isAbsent(seed)) {
      this.state = Math.imul(seed % 2 ** 32 ^ Math.imul(seed / 2 ** 32 + 1, 0x9E3779B1), 0x85EBCA6B) || 1;
      for (let i = 0; i < 8; i += 1) this.random(1);
    }
    Object.assign(this, { isRunning: true, turns: 0, key: [this.random(2), this.random(3)], stuck: this.random(3) });
  }
  step([first, second]) {
    this.turns += 1;
    const terminated = first - 1 === this.key[0] && second === this.key[1];
    const truncated = this.turns === LIMIT;
    this.stuck = this.random(3);
    this.isRunning = !terminated && !truncated;
    return { reward: terminated ? 1 : 0, terminated, truncated };
  }
  get obs() { return [this.turns, this.stuck]; }
  get mask() { return [1, 1, ...[0, 1, 2].map((place) => Number(place !== this.stuck))]; }
}

function hello({ versions, features: asked, want, client, max_line: longest }) {
  if (features !== null) return refuse('bad_message', 'hello comes once');
  if (!Array.isArray(versions) || !versions.every(Number.isInteger)) return refuse('bad_message', 'versions is a list of integers');
  if (!isAbsent(asked) && !(Array.isArray(asked) && asked.every((name) => typeof name === 'string'))) return refuse('bad_message', 'features is a list of names');
  if (!isAbsent(want) && !isObject(want) || !isAbsent(client) && !isObject(client)) return refuse('bad_message', 'want and client are objects');
  if (!isAbsent(longest) && !isInteger(longest, 65536)) return refuse('bad_message', 'max_line is at least 65536');
  if (!versions.includes(1)) return refuse('unsupported_version', 'this server speaks version 1', { versions: [1] });
  const wanted = (asked ?? []).includes('batch') ? want?.num_envs ?? 1 : 1;
  if (!isInteger(wanted, 1)) return refuse('bad_message', 'num_envs is an integer of at least 1');
  features = (asked ?? []).filter((name) => name === 'batch' || name === 'mask');
  locks = Array.from({ length: Math.min(wanted, MOST) }, () => new Lock());
  return { ...HELLO, features, ...(features.includes('batch') ? { num_envs: locks.length } : {}) };
}

function observed(rows) {
  const isBatched = features.includes('batch');
  const mask = features.includes('mask') ? { action_mask: rows.flatMap((row) => row.mask) } : {};
  return { obs: isBatched ? rows.flatMap((row) => row.obs) : rows[0].obs, ...mask };
}

function reset({ seed, envs, options }) {
  const isBatched = features.includes('batch');
  let addressed = locks.map((_, index) => index);
  if (isBatched && !isAbsent(envs)) {
    if (!Array.isArray(envs) || envs.length === 0 || new Set(envs).size < envs.length || !envs.every((index) => isInteger(index, 0, locks.length - 1))) {
      return refuse('bad_message', 'envs are distinct indices');
    }
    addressed = envs;
    if (addressed.length < locks.length && locks.some((lock) => lock.turns === undefined)) return refuse('needs_reset', 'the first reset addresses all');
  }
  let seeds = addressed.map((index) => isAbsent(seed) ? null : seed + index);
  if (Array.isArray(seed) && isBatched) {
    if (seed.length !== addressed.length || !seed.every((one) => one === null || isInteger(one))) return refuse('bad_seed', 'one seed for each');
    seeds = seed;
  } else if (!isAbsent(seed) && !(isInteger(seed) && seeds.every((one) => isInteger(one)))) {
    return refuse('bad_seed', 'a seed is an integer from 0 to 2^53-1');
  }
  if (!isAbsent(options) && !isObject(options)) return refuse('bad_options', 'options are an object');
  addressed.forEach((index, place) => locks[index].reset(seeds[place]));
  return observed(addressed.map((index) => locks[index]));
}

function step({ action }) {
  const isBatched = features.includes('batch');
  if (!locks.every((lock) => lock.isRunning)) return refuse('needs_reset', 'send reset before step');
  if (!Array.isArray(action) || action.length !== 2 * locks.length) return refuse('bad_action', 'an action is two integers for each lock');
  for (let env = 0; env < locks.length; env += 1) {
    if (!isInteger(action[2 * env], 1, 2) || !isInteger(action[2 * env + 1], 0, 2)) return refuse('bad_action', 'an action is two places', { env });
  }
  const outcomes = locks.map((lock, env) => lock.step(action.slice(2 * env, 2 * env + 2)));
  if (!isBatched) return { ...observed(locks), ...outcomes[0] };
  const ended = [];
  outcomes.forEach(({ terminated, truncated }, env) => {
    if (!terminated && !truncated) return;
    ended.push({ env, terminated, truncated, final_obs: locks[env].obs });
    locks[env].reset(null);
  });
  return { ...observed(locks), reward: outcomes.map((outcome) => outcome.reward), ended };
}

function answer(request, id) {
  if (request === null) return refuse('bad_json', 'the line is not a JSON object');
  const { op } = request;
  if (id === null || typeof op !== 'string') return refuse('bad_message', 'a request needs an id and an op');
  if (!Object.hasOwn(NEEDS, op)) return refuse('unknown_op', `there is no op ${JSON.stringify(op)}`);
  if (NEEDS[op] && (op === 'step' ? request.action === undefined : isAbsent(request[NEEDS[op]]))) return refuse('bad_message', `${op} needs ${NEEDS[op]}`);
  if (op === 'hello') return hello(request);
  if (features === null) return refuse('not_ready', 'say hello first');
  return op === 'reset' ? reset(request) : op === 'step' ? step(request) : {};
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
  process.stdout.write(JSON.stringify({ id, ...reply }) + '\n');
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
