// Starts a demo and tells where its desk is and who can log in.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

const running = () => {
  const [name, password, division] = (process.env.DOUDI_LOGIN ?? '').split(':');
  return { url: process.env.DOUDI_DESK, login: { name, password, division }, stop: async () => {} };
};

export const start = async () => {
  if (process.env.DOUDI_DESK) return running();
  const program = process.env.DOUDI_BIN;
  if (!program) throw new Error('set DOUDI_BIN to the program, or DOUDI_DESK to a desk that runs');
  const port = await freePort();
  const args = (process.env.DOUDI_DEMO_ARGS ?? 'demo --format json --households 300 --port {port}')
    .replace('{port}', port)
    .split(' ');
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const told = await new Promise((resolve, reject) => {
    ended.then((code) => reject(new Error(`the demo ended with ${code} before its desk was there`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      try {
        const said = JSON.parse(line);
        if (said.url && said.logins) resolve(said);
      } catch {
        // A line for people.
      }
    });
  });
  const login = told.logins.find((one) => one.role === 'township');
  if (!login) throw new Error('the demo names no township staff');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { url: told.url.replace(/\/$/, ''), login, stop };
};
