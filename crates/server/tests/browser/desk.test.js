// What township staff see and do, on a phone and on a desk.
import assert from 'node:assert/strict';
import { mkdtemp, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { start } from './demo.js';
import { flood, send } from './events.js';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const axeFile = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
// A form with a mistake in it is answered 422, which Chromium reports.
const EXPECTED = /status of 422/;
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let demo;
let browser;
let shots;
let axe;

before(async () => {
  demo = await start();
  shots = await mkdtemp(join(tmpdir(), 'doudi-desk-'));
  axe = await readFile(axeFile, 'utf8');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  browser = await chromium.launch({ executablePath, headless: true, args: FLAGS });
  console.log(`screenshots: ${shots}`);
});

after(async () => {
  await browser?.close();
  await demo?.stop();
});

// A page that notes what goes wrong on it.
const open = async (width, more = {}) => {
  const height = width < 600 ? 740 : 800;
  const context = await browser.newContext({ viewport: { width, height }, locale: 'zh-CN', ...more });
  const page = await context.newPage();
  const wrong = [];
  page.on('console', (message) => message.type() === 'error' && !EXPECTED.test(message.text()) && wrong.push(message.text()));
  page.on('pageerror', (fault) => wrong.push(fault.message));
  page.on('request', (request) => {
    if (!request.url().startsWith(demo.url)) wrong.push(`asked another host: ${request.url()}`);
  });
  return { context, page, wrong };
};

const logIn = async (page) => {
  await page.goto(`${demo.url}/login`);
  await page.fill('#name', demo.login.name);
  await page.fill('#password', demo.login.password);
  await page.click('main button');
  await page.waitForURL('**/inbox*');
};

// Screenshot, no sideways scroll, nothing that axe objects to.
const look = async (page, name) => {
  const width = page.viewportSize().width;
  await page.screenshot({ path: join(shots, `${name}-${width}.png`), fullPage: true });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  assert.ok(wide <= width, `${name} is ${wide} wide on a screen of ${width}`);
  // axe goes in through the debugger, not the page: the page's own policy forbids foreign script.
  await page.evaluate(axe);
  const found = await page.evaluate((tags) => window.axe.run({ runOnly: tags }), TAGS);
  const said = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(' ')}`);
  assert.deepEqual(said, [], name);
};

let mark = Math.floor(Date.now() / 1000) % 1_000_000;

for (const width of [360, 1280]) {
  test(`an alert arrives, is read, taken and answered at ${width}`, async () => {
    const { context, page, wrong } = await open(width);
    await page.goto(`${demo.url}/login`);
    await look(page, 'login');
    await logIn(page);
    await page.waitForFunction(() => /实时/.test(document.querySelector('.live')?.textContent));
    await look(page, 'inbox');

    const firstRow = await page.locator('.row .who').first().textContent().catch(() => '');
    await page.evaluate(() => {
      window.shift = 0;
      new PerformanceObserver((list) => list.getEntries().forEach((one) => (window.shift += one.value))).observe({
        type: 'layout-shift',
      });
    });
    const sentAt = Date.now();
    const answer = await send(demo.url, flood(demo.login.division, ++mark));
    assert.equal(answer.status, 202);
    await page.waitForSelector('.live .news:not([hidden])', { timeout: 30_000 });
    console.log(`event to visible line at ${width}: ${Date.now() - sentAt} ms`);
    assert.match(await page.title(), /^\(\d+\) 待办/);
    assert.equal(await page.locator('.row .who').first().textContent().catch(() => ''), firstRow, 'the list moved');
    assert.ok((await page.evaluate(() => window.shift)) <= 0.01, 'the page jumped');
    await look(page, 'alert');

    await page.click('.live .news');
    await page.waitForLoadState();
    await page.goto(`${demo.url}/inbox?sort=new`);
    await page.locator('.row:has(.pick input) .who').first().click();
    await page.waitForURL('**/cases/*');
    const why = await page.locator('.reason-block p').first().textContent();
    assert.ok(why.trim().length > 5, 'no reason is given');
    assert.match(await page.locator('h1').textContent(), /\*/, 'the name is masked before the case is taken');
    await look(page, 'case');

    await page.locator('.standing button.primary').click();
    await page.waitForURL('**done=acknowledge');
    assert.doesNotMatch(await page.locator('h1').textContent(), /\*/, 'the name is clear once taken');
    assert.equal(await page.evaluate(() => document.activeElement?.matches('.notice.done')), true, 'focus on the message');
    await look(page, 'taken');

    await page.locator('.standing a.primary').click();
    await page.fill('#investigator1', '');
    await page.click('button[value=next]');
    await page.waitForSelector('.errors');
    assert.equal(await page.evaluate(() => document.activeElement?.matches('.errors')), true, 'focus on the summary');
    await look(page, 'wrong');
    await page.fill('#investigator1', '测试员');
    await page.click('button[value=next]');
    await page.waitForURL('**step=conclusion');
    await look(page, 'conclusion');
    await page.click('label[for$=temporary-aid]');
    await page.click('button[value=next]');
    await page.waitForURL('**step=measures');
    await page.fill('#kind0', '临时救助金');
    await page.fill('#department0', '民政');
    await page.fill('#amount0', '１,２００.５元');
    await page.click('button[value=add]');
    await page.waitForSelector('#kind1');
    assert.equal(await page.inputValue('#kind0'), '临时救助金', 'nothing typed is lost');
    await look(page, 'measures');
    await page.click('button[value=next]');
    await page.waitForURL('**step=check');
    await page.waitForSelector('text=1,200.50元');
    await look(page, 'check');
    await page.click('button[value=send]');
    await page.waitForURL('**step=receipt*');
    await look(page, 'receipt');

    assert.deepEqual(wrong, []);
    await context.close();
  });
}

test('every page stands without script, in large type and in English', async () => {
  const { context, page } = await open(360, { javaScriptEnabled: false });
  await logIn(page);
  for (const [name, value] of [['doudi_size', 'huge'], ['doudi_lang', 'en']]) {
    await context.addCookies([{ name, value, url: demo.url }]);
  }
  for (const path of ['/inbox', '/me', '/help']) {
    await page.goto(demo.url + path);
    assert.equal(await page.locator('h1').count(), 1, path);
    await page.screenshot({ path: join(shots, `plain${path.replaceAll('/', '-')}.png`), fullPage: true });
  }
  await context.close();
});
