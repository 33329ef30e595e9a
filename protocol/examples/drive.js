#!/usr/bin/env node
// Drives any environment with Discrete or Box actions at random, and prints the mean return.
//
//     node drive.js "python3 corridor.py" [EPISODES [SECONDS]]
//
// A complete Gymwire 1 driver (protocol/SPEC.md) without features, on Node alone. The command - stands for a server at this
// program's own standard input and output. SECONDS is how long the server may take for a reply; the first one may take six
// times as long.
'use strict';
const { spawn } = require('node:child_process');

const [command, episodes = 20, seconds = 10] = process.argv.slice(2);
const [program, ...words] = command.split(' '); // good enough for commands without quotes
const server = command === '-' ? null : spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
const [requests, replies] = server ? [server.stdin, server.stdout] : [process.stdout, process.stdin];
requests.on('error', () => {}); // the replies tell that it has ended
server?.on('error', (error) => fail(error.message));

class Refused extends Error {}
function fail(message) {
  console.error(`drive.js: ${message}`);
  server?.kill('SIGKILL');
  process.exit(1);
}
const need = (condition, message) => { if (!condition) throw new Error(message); };
const isNumber = (value) => typeof value === 'number' || ['NaN', 'Infinity', '-Infinity'].includes(value);

let rest = Buffer.alloc(0), hasEnded = false, wake = () => {};
replies.on('data', (piece) => { rest = Buffer.concat([rest, piece]); wake(); });
replies.on('end', () => { hasEnded = true; wake(); });

async function nextLine(deadline) { // without its end
  while (!rest.includes(10) && !hasEnded) {
    const left = deadline - performance.now();
    need(left > 0, 'the server did not answer in time');
    let timer;
    await new Promise((resolve) => { wake = resolve; timer = setTimeout(resolve, left); });
    clearTimeout(timer);
  }
  need(rest.length > 0, 'the server has ended');
  const end = rest.includes(10) ? rest.indexOf(10) : rest.length;
  const line = rest.subarray(0, end);
  rest = rest.subarray(end + 1);
  return line.at(-1) === 13 ? line.subarray(0, -1) : line;
}

let count = 0;
async function ask(op, members = {}) {
  const id = count++;
  requests.write(JSON.stringify({ id, op, ...members }) + '\n');
  const limit = seconds * 1000 * (op === 'hello' ? 6 : 1);
  const last = performance.now() + 10 * limit; // notifications put off the time limit, but not for ever
  for (;;) {
    const line = await nextLine(Math.min(last, performance.now() + limit));
    if (/^[ \t]*$/.test(line.toString('latin1'))) continue;
    if (line[0] !== 123) {
      need(!line.includes('{"'), `other text stands in front of a reply: ${line}`);
      console.error(`warning: the server wrote ${line}`);
      continue;
    }
    const reply = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(line));
    if ('op' in reply && !('id' in reply)) continue;
    const { error } = reply;
    need(reply.id === id || reply.id === null && error, `the reply to ${id} is ${line}`);
    need(!('op' in reply), `the reply to ${id} has an op: ${line}`);
    if (!error) return reply;
    need(typeof error.code === 'string', `the error has no code: ${line}`);
    need(error.fatal !== true, `${error.code}: ${error.message}`);
    throw new Refused(`${error.code}: ${error.message}`);
  }
}

// Beyond 2^53-1 integers are written as strings.
const isWide = (value) => typeof value === 'string' && /^-?[1-9][0-9]{15,19}$/.test(value);
const DTYPES = /^(float(16|32|64)|u?int(8|16|32|64)|bool)$/;
const isShape = (shape) => Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
function sizeOf(space) { // null for a bare number
  need(space?.type === 'Discrete' || space?.type === 'Box' && isShape(space.shape) && DTYPES.test(space.dtype ?? 'float32'), `the space ${JSON.stringify(space)} cannot be used`);
  return space.type === 'Discrete' || space.shape.length === 0 ? null : space.shape.reduce((product, size) => product * size, 1);
}
function requireValue(value, size) {
  if (size === null) return need(isNumber(value), `${JSON.stringify(value)} is not a number`);
  need(Array.isArray(value) && value.length === size && value.every((one) => isNumber(one) || isWide(one)), `${size} numbers were expected, not ${JSON.stringify(value)}`);
}
function requireObs(value, space, size) {
  requireValue(value, size);
  const choice = value - (space.start ?? 0);
  if (space.type === 'Discrete') need(Number.isInteger(choice) && choice >= 0 && choice < space.n, `there is no choice ${JSON.stringify(value)}`);
}
function draw(space, size) {
  if (space.type === 'Discrete') return (space.start ?? 0) + Math.floor(Math.random() * space.n);
  const bound = (value, place, none) => {
    const one = Array.isArray(value) ? value[place] : value;
    return typeof one === 'string' ? none : one;
  };
  const isWhole = !(space.dtype ?? 'float32').startsWith('float');
  const numbers = Array.from({ length: size ?? 1 }, (_, place) => {
    const low = bound(space.low, place, -1), high = bound(space.high, place, Math.max(1, low));
    const drawn = low + (high - low) * (1.4 * Math.random() - 0.2); // some lie outside, and are clipped
    return Math.min(high, Math.max(low, isWhole ? Math.round(drawn) : drawn));
  });
  return size === null ? numbers[0] : numbers;
}

async function main() {
  const hello = await ask('hello', { versions: [1], features: [] });
  need(hello.version === 1, `version ${hello.version} was not offered`);
  need(hello.role === 'env', `the role ${hello.role} is not env`);
  need((hello.features ?? []).length === 0, `nobody asked for the features ${hello.features}`);
  const obsSize = sizeOf(hello.obs_space), actionSize = sizeOf(hello.action_space);
  const reset = async (seed) => requireObs((await ask('reset', { seed })).obs, hello.obs_space, obsSize);
  let total = 0;
  for (let episode = 0; episode < episodes; episode += 1) {
    await reset(episode);
    for (let isOver = false, steps = 0; !isOver && steps < 1000; steps += 1) {
      try {
        const reply = await ask('step', { action: draw(hello.action_space, actionSize) });
        requireObs(reply.obs, hello.obs_space, obsSize);
        need(isNumber(reply.reward), `the reward is ${JSON.stringify(reply.reward)}`);
        need([reply.terminated, reply.truncated].every((flag) => typeof flag === 'boolean'), 'terminated and truncated are not both there');
        total += Number(reply.reward);
        isOver = reply.terminated || reply.truncated;
      } catch (reason) {
        if (!(reason instanceof Refused)) throw reason;
        console.error(`warning: ${reason.message}`);
        await reset(episode);
      }
    }
  }
  await ask('close');
  (server ? console.log : console.error)(`mean return ${total / episodes} over ${episodes} episodes`);
  if (server) requests.end(); else process.exit(0);
}

main().catch((reason) => fail(reason.message));
