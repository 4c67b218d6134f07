// Opens report.html in headless Chromium at three widths, dark and light, and as
// a printed PDF: nothing is requested, nothing is complained about, no script of
// the page runs, and axe-core finds no barrier. Prints TAP.
// Usage: node report.cjs REPORT.html OUTDIR
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const [report, out] = process.argv.slice(2);
const url = 'file://' + path.resolve(report);
let n = 0;
let bad = 0;

function result(ok, name, detail) {
  n += 1;
  console.log(`${ok ? 'ok' : 'not ok'} ${n} - ${name}`);
  if (!ok) {
    bad = 1;
    String(detail).split('\n').slice(0, 20).forEach((l) => console.log('# ' + l));
  }
}

async function look(browser, width, colorScheme) {
  const page = await browser.newPage({
    viewport: { width, height: 900 }, colorScheme, bypassCSP: true,
  });
  const requests = [];
  const complaints = [];
  let dialogs = 0;
  page.on('request', (r) => requests.push(r.url()));
  page.on('console', (m) => complaints.push(m.text()));
  page.on('pageerror', (e) => complaints.push(String(e)));
  page.on('dialog', (d) => { dialogs += 1; d.dismiss(); });
  await page.goto(url);
  const name = `${width} pixels wide, ${colorScheme}`;
  const foreign = requests.filter((u) => u !== url && !u.startsWith('data:'));
  result(foreign.length === 0, `${name}: nothing is requested`, foreign);
  result(complaints.length === 0, `${name}: the console stays empty`, complaints);
  result(dialogs === 0 && await page.locator('img, script').count() === 0,
    `${name}: a name with markup is text`, 'an element came of it');
  const wider = await page.evaluate(
    () => document.documentElement.scrollWidth > window.innerWidth);
  result(!wider, `${name}: the page is not wider than the window`, 'it is');
  await page.locator('details').evaluateAll((all) => all.forEach((d) => { d.open = true; }));
  await page.addScriptTag({ path: require.resolve('axe-core') });
  const axe = await page.evaluate(() => window.axe.run());
  result(axe.violations.length === 0, `${name}: axe-core finds no barrier`,
    axe.violations.map((v) => `${v.id}: ${v.help} (${v.nodes.length}) ` +
      v.nodes[0].html).join('\n'));
  await page.screenshot({ path: path.join(out, `report-${width}-${colorScheme}.png`), fullPage: true });
  await page.close();
}

(async () => {
  fs.mkdirSync(out, { recursive: true });
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--no-first-run'],
  });
  for (const width of [360, 800, 1280]) {
    await look(browser, width, 'light');
  }
  await look(browser, 1280, 'dark');
  const page = await browser.newPage();
  await page.goto(url);
  const pdf = await page.pdf({ path: path.join(out, 'report.pdf'), format: 'Letter' });
  result(pdf.length > 10000, 'it prints', `${pdf.length} bytes`);
  await browser.close();
  console.log(`1..${n}`);
  process.exit(bad);
})().catch((e) => { console.log(`Bail out! ${e}`); process.exit(1); });
