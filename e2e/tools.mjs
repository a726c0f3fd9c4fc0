// What the scripts of browser tests share: the browser, its windows, and what every page is held to.

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [first, ...options] = process.argv.slice(2);
if (!first) {
  console.error("usage: node SCRIPT.mjs BASE_URL [--shots FOLDER]");
  process.exit(2);
}
export const base = first;
export const shots = options[0] === "--shots" ? options[1] : null;
export const begun = Date.now();
export const axeSource = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let wrong = 0;
let checks = 0;
export const fail = words => { wrong += 1; console.log(`WRONG ${words}`); };
export const check = (holds, words) => { checks += 1; if (!holds) fail(words); };
export const step = words => console.log(`[${((Date.now() - begun) / 1000).toFixed(1)} s] ${words}`);

const browser = await chromium.launch({
  executablePath: process.env.ANSINH_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});

// A browser window with the portal's cookies. Whatever the console says is kept in `said`.
export async function open({ lang = "vi", theme = "light", role = null, ...settings } = {}) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 1000 }, ...settings });
  const cookies = { "ngon-ngu": lang, "giao-dien": theme, ...(role ? { "vai-tro": role } : {}) };
  await context.addCookies(Object.entries(cookies).map(([name, value]) => ({ name, value, url: base })));
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const said = [];
  page.on("console", message => { if (["error", "warning"].includes(message.type())) said.push(message.text()); });
  page.on("pageerror", error => said.push(String(error)));
  page.on("requestfailed", request => {
    // A link that downloads ends its navigation; that is no fault.
    if (request.failure()?.errorText !== "net::ERR_ABORTED") said.push(`${request.url()} ${request.failure()?.errorText}`);
  });
  return { context, page, said };
}

export async function visit(page, path) {
  const answer = await page.goto(base + path, { waitUntil: "load" });
  check(answer.status() === 200, `${path}: status ${answer.status()}`);
}

// Markup is the same in both themes: in the second one only the rules that look at colours are asked again.
export async function axe(page, where, onlyColours) {
  const { violations } = await page.evaluate(only => globalThis.axe.run(document, {
    resultTypes: ["violations"],
    ...(only ? { runOnly: ["color-contrast", "link-in-text-block"] } : {}),
  }), onlyColours);
  for (const { id, impact, help, nodes } of violations) {
    const heavy = impact === "serious" || impact === "critical";
    const places = nodes.slice(0, 3).map(n => `${n.target.join(" ")} :: ${n.failureSummary?.split("\n")[1]?.trim() ?? ""}`);
    const words = `axe ${impact} ${id} on ${where}: ${help} (${nodes.length} places)\n    ${places.join("\n    ")}`;
    if (heavy) fail(words); else console.log(`note  ${words}`);
  }
  // Of two elements with one id a label or a link means the first alone; axe does not look at that any more.
  const twice = await page.evaluate(() => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    return ids.filter((id, at) => ids.indexOf(id) !== at);
  });
  check(twice.length === 0, `${where}: ids stand twice: ${twice.join(", ")}`);
  checks += 1;
}

// WCAG 1.4.10 and 1.4.4: at 320 px, and at a zoom of 200 % in a window of 1440 px (720 px for the page), nothing makes the page itself
// scroll sideways (tables may within their own region), and no words are cut off.
export async function narrow(page, where) {
  const wide = page.viewportSize();
  for (const [width, height, name] of [[320, 800, "320 px"], [720, 500, "200 %"]]) {
    await page.setViewportSize({ width, height });
    const { over, cut } = await page.evaluate(() => {
      const root = document.documentElement;
      const scrolls = element => {
        for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
          if (["auto", "scroll", "hidden", "clip"].includes(getComputedStyle(e).overflowX)) return true;
        }
        return false;
      };
      const nameOf = e => [e.tagName.toLowerCase(), ...e.classList].join(".");
      const all = [...document.body.querySelectorAll("*")];
      const beyond = () => all.filter(e => e.getBoundingClientRect().right > root.clientWidth + 1 && !scrolls(e)).slice(0, 4).map(nameOf);
      const says = e => [...e.childNodes].some(n => n.nodeType === Node.TEXT_NODE && n.textContent.trim());
      const hides = e => ["hidden", "clip"].includes(getComputedStyle(e).overflowY) && e.getBoundingClientRect().width > 2;
      const cut = all.filter(e => says(e) && hides(e) && e.scrollHeight > e.clientHeight + 2).slice(0, 4).map(nameOf);
      const over = root.scrollWidth > root.clientWidth ? `${root.scrollWidth} px: ${beyond().join(", ")}` : null;
      return { over, cut: cut.join(", ") };
    });
    check(!over, `${where} at ${name} is wider than the screen: ${over}`);
    check(!cut, `${where} at ${name} cuts words off: ${cut}`);
  }
  await page.setViewportSize(wide);
}

// What every page of a script is held to, with pictures when they are asked for: wide and as on a phone.
export async function look(page, said, name) {
  await axe(page, name, false);
  await narrow(page, name);
  const key = await page.evaluate(() => document.body.textContent.match(/⟦.*?⟧/)?.[0]);
  check(!key, `${name}: text is missing: ${key}`);
  check(said.length === 0, `${name}: console: ${said.splice(0).join(" | ")}`);
  if (!shots) return;
  const wide = page.viewportSize();
  await page.screenshot({ path: join(shots, `${name}-1440.png`), fullPage: true });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.screenshot({ path: join(shots, `${name}-390.png`), fullPage: true });
  await page.setViewportSize(wide);
}

// Sends a form by its button.
export const press = (page, form) => Promise.all([page.waitForEvent("load"), page.locator(`${form} button[type=submit]`).first().click()]);

// The browser notes the status of a refused form; anything else it says stays.
export function said400(said) {
  const rest = said.filter(words => !/status of 4\d\d/.test(words));
  said.splice(0, said.length, ...rest);
}

// Goes on by Tab until the wanted element has the focus.
export async function tabTo(page, selector, where) {
  for (let n = 0; n < 250; n += 1) {
    await page.keyboard.press("Tab");
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted), selector)) return;
  }
  fail(`${where}: ${selector} is not reached by Tab`);
}

export const nameOf = path => path.replaceAll(/[^\p{L}\p{N}]+/gu, "-").replaceAll(/^-|-$/g, "") || "tong-quan";

// Ends the browser and the script: exit code 1 when something is wrong.
export async function done() {
  await browser.close();
  console.log(`${checks} checks, ${wrong} wrong, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  process.exit(wrong > 0 ? 1 : 0);
}
