#!/usr/bin/env node
// Coins: a learner of Discrete actions that counts which of them were followed by a reward, and prefers those a little.
//
// A complete Gymwire 1 server of role learner (protocol/SPEC.md, section 17) on Node alone, with the feature batch. It takes
// Box observations of any shape and the number of actions from the driver, and updates after every hundredth step.
'use strict';
const LONGEST = 1 << 20, ENOUGH = 100;
const NEEDS = {
  hello: ['versions'], act: ['obs'], begin: ['session'], log_action: ['session', 'obs'],
  end: ['session', 'obs', 'reward', 'terminated', 'truncated'], abandon: ['session'], save: [], close: [],
};
let features = null, spaces = null, width = 0, longestReply = 67108864;
let version = 1, scores = [], steps = [];
const sessions = new Map(); // by name: the actions that have been taken, and their rewards

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
function hello({ versions, features: asked, want, client, max_line: longest }) {
  if (features !== null) return refuse('bad_message', 'hello comes once');
  if (!Array.isArray(versions) || !versions.every(Number.isInteger)) return refuse('bad_message', 'versions is a list of integers');
  if (!isAbsent(asked) && !(Array.isArray(asked) && asked.every((name) => typeof name === 'string'))) return refuse('bad_message', 'features is a list of names');
  if (!isAbsent(want) && !isObject(want) || !isAbsent(client) && !isObject(client)) return refuse('bad_message', 'want and client are objects');
  if (!isAbsent(longest) && !isInteger(longest, 65536)) return refuse('bad_message', 'max_line is at least 65536');
  if (!versions.includes(1)) return refuse('unsupported_version', 'this server speaks version 1', { versions: [1] });
  const { obs_space: obs, action_space: action } = want ?? {};
  const isUsable = obs?.type === 'Box' && Array.isArray(obs.shape) && action?.type === 'Discrete' && isInteger(action.n, 1);
  if (!isUsable) return refuse('unsupported_space', 'name a Box of observations and a Discrete of actions in want');
  [spaces, scores] = [{ obs_space: obs, action_space: action }, Array(action.n).fill(0)];
  width = obs.shape.reduce((product, size) => product * size, 1);
  features = (asked ?? []).filter((name) => name === 'batch');
  longestReply = longest ?? longestReply;
  return { version: 1, role: 'learner', server: { name: 'coins', version: '1' }, max_line: LONGEST, features, ...spaces };
}

const isObservation = (obs, rows = 1) => Array.isArray(obs) && obs.length === rows * width && obs.every(isFinite32);

function choose(seed, deterministic) { // an action and its logp
  const weights = scores.map((score) => Math.exp(score - Math.max(...scores)));
  const sum = weights.reduce((total, weight) => total + weight, 0);
  let left = (isAbsent(seed) ? Math.random : uniforms(seed))() * sum, index = 0;
  while (index < weights.length - 1 && (left -= weights[index]) >= 0) index += 1;
  if (deterministic) index = scores.indexOf(Math.max(...scores));
  return [index + (spaces.action_space.start ?? 0), Math.log(weights[index] / sum)];
}

function rewardFault(session, reward) { // what is wrong with a reward that comes with an act; null if nothing is
  const isFirst = session.actions.length === 0;
  if (isAbsent(reward) !== isFirst) return 'a reward comes with every act but the first';
  return isFirst || isFinite32(reward) ? null : 'a reward is a finite number';
}

function act({ obs, n, seed, deterministic, session: name, reward }) {
  const isBatched = features.includes('batch') && !isAbsent(n);
  const rows = isBatched ? n : 1;
  if (!isInteger(rows, 1)) return refuse('bad_message', 'n is an integer of at least 1');
  if (!isAbsent(deterministic) && typeof deterministic !== 'boolean') return refuse('bad_message', 'deterministic is true or false');
  if (!isObservation(obs, rows)) return refuse('bad_message', `obs is not ${rows * width} numbers`);
  const session = isAbsent(name) ? null : sessions.get(name);
  if (session === undefined) return refuse('bad_message', 'there is no such session');
  if (session && isBatched) return refuse('bad_message', 'n and session exclude each other');
  const fault = session && rewardFault(session, reward);
  if (fault) return refuse('bad_message', fault);
  if (!isAbsent(seed) && !(isInteger(seed) && seed + rows - 1 <= Number.MAX_SAFE_INTEGER)) return refuse('bad_seed', 'a seed is an integer from 0 to 2^53-1');
  const outcomes = Array.from({ length: rows }, (_, row) => choose(isAbsent(seed) ? seed : seed + row, deterministic));
  if (session) note(session, outcomes[0][0], reward);
  const [actions, logps] = [0, 1].map((place) => outcomes.map((outcome) => outcome[place]));
  return { action: isBatched ? actions : actions[0], logp: isBatched ? logps : logps[0], policy_version: version };
}

function note(session, action, reward) {
  if (session.actions.length > 0) session.rewards.push(reward);
  session.actions.push(action);
}

function begin({ session: name }) {
  const size = typeof name === 'string' ? Buffer.byteLength(name) : 0;
  if (size < 1 || size > 64 || sessions.has(name)) return refuse('bad_message', 'a session has a new name of 1 to 64 bytes');
  if (sessions.size >= 1024) return refuse('bad_message', 'no more than 1024 sessions are open at once');
  sessions.set(name, { actions: [], rewards: [] });
  return {};
}

function logAction({ session: name, obs, action, reward }) {
  const session = sessions.get(name), start = spaces.action_space.start ?? 0;
  if (!session) return refuse('bad_message', 'there is no such session');
  if (!isObservation(obs)) return refuse('bad_message', `obs is not ${width} numbers`);
  const fault = rewardFault(session, reward);
  if (fault) return refuse('bad_message', fault);
  if (!isInteger(action - start, 0, scores.length - 1) || typeof action !== 'number') return refuse('bad_action', 'there is no such action');
  note(session, action, reward);
  return { policy_version: version };
}

function end({ session: name, obs, reward, terminated, truncated }) {
  const session = sessions.get(name);
  if (!session) return refuse('bad_message', 'there is no such session');
  if (typeof terminated !== 'boolean' || typeof truncated !== 'boolean' || !(terminated || truncated)) return refuse('bad_message', 'one of the flags is true');
  if (!isObservation(obs)) return refuse('bad_message', `obs is not ${width} numbers`);
  if (!isFinite32(reward)) return refuse('bad_message', 'a reward is a finite number');
  session.rewards.push(reward);
  steps.push(...session.actions.map((action, index) => [action, session.rewards[index]]));
  sessions.delete(name);
  const updated = steps.length >= ENOUGH;
  if (updated) {
    for (const [action, earned] of steps) scores[action - (spaces.action_space.start ?? 0)] += Math.sign(earned) * 0.001;
    [steps, version] = [[], version + 1];
  }
  return { updated, policy_version: version };
}

function abandon({ session: name }) {
  return sessions.delete(name) ? {} : refuse('bad_message', 'there is no such session');
}

function answer(request, id) {
  if (request === null) return refuse('bad_json', 'the line is not a JSON object');
  const { op } = request;
  if (id === null || typeof op !== 'string') return refuse('bad_message', 'a request needs an id and an op');
  if (!Object.hasOwn(NEEDS, op)) return refuse('unknown_op', `there is no op ${JSON.stringify(op)}`);
  const missing = NEEDS[op].find((name) => isAbsent(request[name]));
  if (missing || op === 'log_action' && request.action === undefined) return refuse('bad_message', `${op} needs ${missing ?? 'action'}`);
  if (op === 'hello') return hello(request);
  if (features === null) return refuse('not_ready', 'say hello first');
  if (op === 'save') return { path: 'nowhere: this learner forgets what it has learned' };
  return ({ act, begin, log_action: logAction, end, abandon })[op]?.(request) ?? {};
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
