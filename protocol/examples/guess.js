#!/usr/bin/env node
// Guess: find a hidden number from 0 to 6; each guess is answered with "lower" or "higher".
//
//   observation  Box [2]: the smallest and the largest number that it can still be, with -1 for 0 and 1 for 6
//   action       Discrete 7: the guess           reward  -1 a guess
//   end          terminated by the right guess, truncated after 10    best mean return  -17/7 (halving)
//
// A complete Gymwire 1 server (protocol/SPEC.md, section 1) on Node alone.
'use strict';
const HELLO = {
  version: 1, role: 'env', server: { name: 'guess', version: '1' },
  spec: { id: 'Guess-v1', max_episode_steps: 10 },
  obs_space: { type: 'Box', shape: [2], dtype: 'float32', low: -1, high: 1 },
  action_space: { type: 'Discrete', n: 7 },
};
let ready = false, running = false, hidden = 0, low = 0, high = 6, guesses = 0, generator = 1;

function random(n) { // xorshift32: an integer from 0 to n-1
  generator ^= generator << 13; generator ^= generator >>> 17; generator ^= generator << 5;
  return (generator >>> 0) % n;
}
function seedWith(seed) { // all 53 bits count, and the state is never 0
  generator = Math.imul(seed % 2 ** 32 ^ Math.imul(seed / 2 ** 32 + 1, 0x9E3779B1), 0x85EBCA6B) || 1;
  for (let i = 0; i < 8; i++) random(1);
}
const observation = () => [low / 3 - 1, high / 3 - 1];
const isInteger = (value, most) => Number.isInteger(value) && value >= 0 && value <= most;
const refuse = (code, message, data) => ({ error: { code, message, data } });

function answer(request, id) {
  if (request === null) return refuse('bad_json', 'the line is not a JSON object');
  const { op, versions, seed, action } = request;
  if (id === null || typeof op !== 'string') return refuse('bad_message', 'a request needs an id and an op');
  if (op === 'hello' && (ready || !Array.isArray(versions))) return refuse('bad_message', 'hello comes once and needs versions');
  if (op === 'step' && action === undefined) return refuse('bad_message', 'step needs an action');
  if (!['hello', 'reset', 'step', 'close'].includes(op)) return refuse('unknown_op', `there is no op ${JSON.stringify(op)}`);
  if (op === 'hello') {
    ready = versions.includes(1);
    return ready ? HELLO : refuse('unsupported_version', 'this server speaks version 1', { versions: [1] });
  }
  if (!ready) return refuse('not_ready', 'say hello first');
  if (op === 'close') return {};
  if (op === 'reset') {
    const isSeeded = seed !== undefined && seed !== null;
    if (isSeeded && !isInteger(seed, Number.MAX_SAFE_INTEGER)) return refuse('bad_seed', 'a seed is an integer from 0 to 2^53-1');
    if (isSeeded) seedWith(seed);
    [running, hidden, low, high, guesses] = [true, random(7), 0, 6, 0];
    return { obs: observation() };
  }
  if (!running) return refuse('needs_reset', 'no episode is running: send reset before step');
  if (!isInteger(action, 6)) return refuse('bad_action', `action ${JSON.stringify(action)} is outside Discrete(n=7)`);
  if (action >= hidden) high = action > hidden ? Math.min(high, action - 1) : hidden;
  if (action <= hidden) low = action < hidden ? Math.max(low, action + 1) : hidden;
  guesses += 1;
  running = action !== hidden && guesses < 10;
  return { obs: observation(), reward: -1, terminated: action === hidden, truncated: guesses === 10 };
}

function serve(line) { // true when the conversation is over
  if (/^[ \t]*\r?$/.test(line)) return false; // trim() would take more for blank than the protocol does
  let request = null;
  try { request = JSON.parse(line); } catch { /* stays null */ }
  if (typeof request !== 'object' || Array.isArray(request)) request = null;
  const id = isInteger(request?.id, Number.MAX_SAFE_INTEGER) ? request.id : null;
  const reply = answer(request, id);
  process.stdout.write(JSON.stringify({ id, ...reply }) + '\n');
  return request?.op === 'close' && !reply.error;
}

let rest = ''; // not the readline module: it also splits at U+2028, which a JSON string may hold
process.stdin.setEncoding('utf8');
process.stdin.on('data', (chunk) => {
  const lines = (rest + chunk).split('\n');
  rest = lines.pop();
  if (lines.some(serve)) { rest = ''; process.stdin.destroy(); }
});
process.stdin.on('end', () => { if (rest) serve(rest); });
