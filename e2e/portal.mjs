// Checks a running portal in a real browser:
//   node portal.mjs http://127.0.0.1:8080 [--shots FOLDER]
// Every page in both languages, light and dark: axe, console, keys the texts lack; then narrow screens, the
// keyboard alone, no script at all, forms and files. Prints what it found; exit code 1 when something is wrong.
// With --shots it writes pictures of the pages instead of judging them alone.

import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { axe, axeSource, base, begun, check, done, fail, nameOf, narrow, open, shots, step, visit } from "./tools.mjs";

const LIST = "/nguoi-chua-tham-gia";

// The pages to look at; two of them are found by following links, as a reader would.
async function pagesToSee() {
  const { context, page } = await open();
  await visit(page, LIST);
  const person = await page.locator("main a[href^='/nguoi/']").first().getAttribute("href");
  await visit(page, "/du-lieu");
  const refused = await page.evaluate(() => {
    const figures = [...document.querySelectorAll("#tep tbody a.num[href^='/du-lieu/']")];
    return figures.find(a => a.textContent.trim() !== "0")?.getAttribute("href");
  });
  const firstOf = async (path, selector) => {
    await visit(page, path);
    return page.locator(selector).first().getAttribute("href").catch(() => null);
  };
  const employer = await firstOf("/don-vi", "#danh-sach a[href^='/don-vi/']");
  const school = await firstOf("/truong-hoc", "#danh-sach a[href^='/truong-hoc/']");
  const schoolClass = school && await firstOf(school, `#danh-sach a[href^='${school}/']`);
  const commune = await firstOf(LIST, "main a[href^='/nguoi/']") && await page.locator("select[name='xa'] option").nth(1).getAttribute("value");
  check(employer && schoolClass, `an employer (${employer}) and a class (${schoolClass}) are linked`);
  const lists = [`${LIST}?xa=${commune}&nhom=ho`, `${LIST}/in?xa=${commune}`, "/don-vi", employer, employer && `${employer}/nguoi?loai=dang-tham-gia`,
    "/don-vi/can-xem", "/truong-hoc", school, schoolClass];
  await context.close();
  // A document drafted beside a finding, as a clerk would.
  const letters = await open();
  await visit(letters.page, `${LIST}?ly-do=household-card-lapsed`);
  await letters.page.locator("main a[href^='/nguoi/']").first().click();
  await letters.page.locator("form[action*='/thu/'] button").first().click();
  await letters.page.waitForURL(/\/van-ban\//);
  const letter = new URL(letters.page.url()).pathname;
  await letters.context.close();
  const queue = await open();
  await visit(queue.page, "/ra-soat-ghep-noi");
  const pair = await queue.page.locator("main a[href^='/ra-soat-ghep-noi/']").first().getAttribute("href");
  await queue.context.close();
  const places = await open();
  await visit(places.page, "/xa-phuong");
  const area = await places.page.locator("main tbody a[href^='/xa-phuong/']").first().getAttribute("href");
  await visit(places.page, area);
  const village = await places.page.locator("#to-dan-pho a[href*='thon=']").first().getAttribute("href");
  check(village, "the residents of a village are linked");
  await visit(places.page, "/lan-chay");
  const run = await places.page.locator("main a[href^='/lan-chay/']").first().getAttribute("href");
  await places.context.close();
  check(area && run, `a commune (${area}) and a run (${run}) are linked`);
  check(pair, `a pair to review (${pair}) is linked`);
  check(person && refused, `a person (${person}) and a file with refused rows (${refused}) are linked`);
  return [...lists, "/", LIST, `${LIST}?ly-do=household-card-lapsed`, person, "/du-lieu", refused, "/du-lieu?ky=2026-12",
    "/?do=so-nguoi&chi-tieu=I2", "/?trinh-chieu=1&man=1", "/?trinh-chieu=1&man=6", "/xa-phuong", area, `${area}/ban-tin`, `${area}/het-dau-hieu`,
    "/chi-tieu/I1", "/chi-tieu/I2", "/chi-tieu/I7", "/chi-tieu/I1/tu-so", "/chi-tieu/I1/chua-ghep", village, "/chi-tieu-giao", "/chi-tieu-giao/2027/I1",
    "/chi-tieu-giao/2027/I1/thanh-pho", "/lan-chay", run, "/huong-dan", "/huong-dan/thang-dau", "/huong-dan/ly-do",
    "/du-lieu/gui", "/du-lieu/tra-lai", "/so-nguoi", "/tim-nguoi", "/ho-tro", "/ho-tro/nguoi?nhom=pupil", "/ho-tro/kinh-phi",
    "/van-ban", letter, "/tra-cuu-van-ban", "/tra-cuu-van-ban?ma=23456789ABCDEFGHJKMN",
    "/ra-soat-ghep-noi", pair, "/quy-tac",
    "/quy-tac/household-card-lapsed", "/vai-tro", "/muc", "/luat", "/luat/bhxh.reference_level", "/luat/fine.evasion.low",
    "/tinh", "/tinh/late-charge", "/tinh/contribution"].filter(Boolean);
}

async function everyPage(paths, lang, theme, secondTheme) {
  const { context, page, said } = await open({ lang, theme });
  await context.addInitScript({ content: axeSource });
  for (const path of paths) {
    const where = `${path} (${lang}, ${theme})`;
    await visit(page, path);
    const facts = await page.evaluate(() => ({
      lang: document.documentElement.lang,
      theme: document.documentElement.dataset.theme,
      headings: document.querySelectorAll("h1").length,
      title: document.title,
      key: document.body.textContent.match(/⟦.*?⟧/)?.[0],
      empty: [...document.querySelectorAll("main a")].filter(a => !a.textContent.trim() && !a.getAttribute("aria-label")).length,
    }));
    check(facts.lang === lang, `${where}: lang is ${facts.lang}`);
    check(facts.theme === theme, `${where}: theme is ${facts.theme}`);
    check(facts.headings === 1, `${where}: ${facts.headings} h1`);
    check(facts.title.trim().length > "An Sinh".length, `${where}: title “${facts.title}”`);
    check(!facts.key, `${where}: text is missing: ${facts.key}`);
    check(facts.empty === 0, `${where}: ${facts.empty} links without words`);
    await axe(page, where, secondTheme);
    if (!secondTheme) await narrow(page, where);
    check(said.length === 0, `${where}: console: ${said.splice(0).join(" | ")}`);
  }
  await context.close();
}

async function keyboard() {
  const { context, page, said } = await open();
  const active = () => page.evaluate(() => {
    const e = document.activeElement;
    const box = e.getBoundingClientRect();
    const style = getComputedStyle(e);
    return {
      href: e.getAttribute("href"), id: e.id, type: e.getAttribute("type"), name: e.dataset.name,
      isTile: !!e.closest("[data-map]") && e.matches("a.t"),
      inRow: !!e.closest("[data-list] > tr"),
      seen: box.width > 1 && box.height > 1 && box.top >= 0 && box.left >= 0,
      ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0,
    };
  });
  await visit(page, "/");
  await page.keyboard.press("Tab");
  let now = await active();
  check(now.href === "#trang" && now.seen, `the first Tab shows the skip link: ${JSON.stringify(now)}`);
  await page.keyboard.press("Enter");
  now = await active();
  check(now.id === "trang", `the skip link leads to the content: ${JSON.stringify(now)}`);

  // From the content Tab comes to the map; every stop on the way can be seen and shows where it is.
  for (let n = 0; n < 60 && !now.isTile; n += 1) {
    await page.keyboard.press("Tab");
    now = await active();
    check(now.seen && (now.ring || now.isTile), `Tab stop ${n + 1} is not seen: ${JSON.stringify(now)}`);
  }
  check(now.isTile, "Tab comes to the map");
  const walked = new Set([now.name]);
  for (const key of ["ArrowRight", "ArrowDown", "ArrowDown", "ArrowLeft", "ArrowUp", "End", "Home"]) {
    const before = now.name;
    await page.keyboard.press(key);
    now = await active();
    check(now.isTile, `${key} stays on the map`);
    if (["ArrowDown", "End", "Home"].includes(key)) check(now.name !== before, `${key} moves from ${before}`);
    walked.add(now.name);
  }
  check(walked.size >= 5, `arrows walked over ${walked.size} places`);
  const readout = await page.locator("[data-map] .readout-name").textContent();
  check(readout === now.name, `the readout says ${readout} on ${now.name}`);
  const target = now.href;
  // One stop only: the next Tab leaves the tiles.
  await page.keyboard.press("Tab");
  check(!(await active()).isTile, "the map is one Tab stop");
  await page.keyboard.press("Shift+Tab");
  check((await active()).isTile, "Shift+Tab comes back to the map");
  await Promise.all([page.waitForURL(base + target), page.keyboard.press("Enter")]);
  check(await page.locator("main h1").count() === 1, `Enter opens ${target}`);

  await visit(page, LIST);
  await page.keyboard.press("/");
  now = await active();
  check(now.type === "search", "`/` goes to the search box");
  await page.keyboard.type("le/");
  check((await page.locator("input[type=search]").inputValue()).endsWith("le/"), "`/` in the box is a letter");
  await page.keyboard.press("Enter");
  await page.waitForURL(url => url.searchParams.has("q"));
  await visit(page, LIST);
  await page.keyboard.press("j");
  check((await active()).inRow, "`j` goes to the first row");
  const first = (await active()).href;
  await page.keyboard.press("j");
  const second = (await active()).href;
  check(first !== second, "`j` goes on");
  await page.keyboard.press("k");
  check((await active()).href === first, "`k` goes back");
  await Promise.all([page.waitForURL(base + first), page.keyboard.press("Enter")]);
  await page.keyboard.press("?");
  check(await page.locator("#phim-tat").evaluate(e => e.open), "`?` shows the keys");
  check(said.length === 0, `keyboard: console: ${said.join(" | ")}`);
  await context.close();
}

// In a hall the arrows turn the screens.
async function hall() {
  const { context, page, said } = await open();
  await visit(page, "/?trinh-chieu=1");
  await Promise.all([page.waitForURL(url => url.searchParams.get("man") === "2"), page.keyboard.press("ArrowRight")]);
  await Promise.all([page.waitForURL(url => url.searchParams.get("man") === "1"), page.keyboard.press("ArrowLeft")]);
  check(said.length === 0, `hall: console: ${said.join(" | ")}`);
  await context.close();
}

// Everything works without script: the filter is a form, the list a page.
async function withoutScript() {
  const { context, page } = await open({ javaScriptEnabled: false });
  await visit(page, LIST);
  await page.locator(".filter details.more summary").click();
  await page.locator(".filter select[name='ly-do']").selectOption("household-card-lapsed");
  await page.locator(".filter form button[type=submit]").click();
  check(new URL(page.url()).searchParams.get("ly-do") === "household-card-lapsed", `the form leads to ${page.url()}`);
  const rows = await page.locator("#danh-sach tbody tr").count();
  check(rows > 0, "the filtered list has rows");
  const chips = await page.locator(".filter .chip").count();
  check(chips === 1, `${chips} chips for one filter`);
  await page.locator(".filter .chip").click();
  check(!new URL(page.url()).searchParams.has("ly-do"), "the chip takes the filter away");
  await visit(page, "/");
  const tiles = page.locator("[data-map] a.t");
  check(await tiles.count() > 100, "the map has its tiles");
  const href = await tiles.first().getAttribute("href");
  await visit(page, href);
  check(href.startsWith("/xa-phuong/") && await page.locator("main h1").count() === 1, `a tile leads to its commune (${href})`);
  await context.close();
}

async function files() {
  const { context, page } = await open({ acceptDownloads: true });
  await visit(page, `${LIST}?ly-do=household-card-lapsed`);
  for (const [kind, begins] of [["xlsx", "504b"], ["csv", "efbbbf"]]) {
    const link = page.locator(`main a[href*='.${kind}']`).first();
    const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
    const bytes = await readFile(await download.path());
    check(bytes.subarray(0, begins.length / 2).toString("hex") === begins, `the ${kind} file begins with ${bytes.subarray(0, 4).toString("hex")}`);
    check(/^[a-z0-9.-]+$/.test(download.suggestedFilename()), `the file is called ${download.suggestedFilename()}`);
  }
  await context.close();
}

// A decision is a form of the portal itself: the browser's own headers must let it through.
async function decision(person) {
  const { context, page } = await open();
  await visit(page, person);
  const form = page.locator("form[action$='/khong-cung-nguoi']");
  if (await form.count() === 0) {
    fail(`${person} offers no decision`);
  } else {
    await form.locator("textarea").fill("Hai người khác nhau: kiểm tra trên giấy tờ gốc");
    await Promise.all([page.waitForURL(url => url.search.includes("da-ghi")), form.locator("button[type=submit]").click()])
      .catch(() => fail(`the decision leads to ${page.url()}`));
    check(await page.locator("main .note").count() > 0, "the decision is confirmed on the page");
  }
  await context.close();
}

// A calculator: the form of the portal, the answer with its steps, looked at by axe, without script too.
async function calculator() {
  for (const javaScriptEnabled of [true, false]) {
    const { context, page, said } = await open({ javaScriptEnabled });
    if (javaScriptEnabled) await context.addInitScript({ content: axeSource });
    await visit(page, "/tinh/late-charge");
    await page.locator("[name='amount']").fill("320.000.000");
    await page.locator("[name='deadline']").fill("30/09/2026");
    await page.locator("[name='as_of']").fill("22/11/2026");
    await page.locator("[name='payments.0.on']").fill("22/11/2026");
    await page.locator("[name='payments.0.amount']").fill("320000000");
    await Promise.all([page.waitForLoadState("load"), page.locator("main form button[type=submit]").click()]);
    await page.locator("p.answer").waitFor();
    check((await page.locator("p.answer").textContent()).includes("5.088.000"), "the charge is worked out");
    check(await page.locator("main a[href='/luat/late.rate_per_day']").count() > 0, "the steps name their parameters");
    check(new URL(page.url()).search === "", `nothing that was typed stands in the address: ${page.url()}`);
    if (javaScriptEnabled) {
      await axe(page, "the answer of a calculator", false);
      await narrow(page, "the answer of a calculator");
      if (shots) await page.screenshot({ path: join(shots, "phep-tinh-tra-loi.png"), fullPage: true });
      check(said.length === 0, `calculator: console: ${said.join(" | ")}`);
    }
    await context.close();
  }
}

// A roster is sent from a phone, with and without script: read at once, mended, replaced; a file of unknown headings is
// mapped with the keyboard alone.
const PUPILS = "Lớp,Số định danh,Họ và tên,Ngày sinh,Giới tính,Năm học,Email phụ huynh\n";
async function sending() {
  for (const javaScriptEnabled of [true, false]) {
    const { context, page, said } = await open({ javaScriptEnabled, viewport: { width: 390, height: 844 } });
    if (javaScriptEnabled) await context.addInitScript({ content: axeSource });
    const tag = javaScriptEnabled ? "A" : "B";
    const look = async name => {
      if (!javaScriptEnabled) return;
      await axe(page, name, false);
      await narrow(page, name);
      if (shots) await page.screenshot({ path: join(shots, `${name}-light-390.png`), fullPage: true });
      if (shots) {
        await page.setViewportSize({ width: 1440, height: 1000 });
        await page.screenshot({ path: join(shots, `${name}-light-1440.png`), fullPage: true });
        await page.setViewportSize({ width: 390, height: 844 });
      }
    };
    const give = async (name, text, path = "/du-lieu/gui") => {
      await visit(page, path);
      await page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
      await Promise.all([page.waitForURL(/gui\/[0-9a-f]{32}$/), page.locator("main form button[type=submit]").click()]);
    };
    const says = async words => check((await page.locator("main").innerText()).includes(words), `“${words}” is said on ${page.url()}`);
    const row = (name, day) => `6${tag},0013150123${tag === "A" ? "45" : "55"},${name},${day},Nữ,2026-2027,a@example.com\n`;

    // No file chosen: the form says so beside the field.
    await visit(page, "/du-lieu/gui");
    await Promise.all([page.waitForURL(/loi=trong/), page.locator("main form button[type=submit]").click()]).catch(() => {});
    await page.locator("#tep-error").waitFor();
    await look("gui-tep");

    await give(`lop-${tag}.csv`, PUPILS + row(`Nguyễn Thị Mẫu ${tag}`, "03/02/2015") + row(`Lê Thị Mẫu ${tag}`, "31/02/2015"));
    await says("2 dòng đọc = 1 dòng lưu + 1 dòng trả lại");
    await says("Email phụ huynh");
    await look("ket-qua-gui");
    await page.locator("main a[href*='/du-lieu/tra-lai']").first().click();
    await page.locator("#dong").waitFor();
    await says("31/02/2015");
    await look("dong-tra-lai");
    await page.locator("#dong tbody a").first().click();
    await look("mot-tep");

    await give(`lop-${tag}.csv`, PUPILS + row(`Nguyễn Thị Mẫu ${tag}`, "04/02/2015"));
    await says("Đã có tệp cùng tên, khác nội dung");
    await look("tep-cung-ten");
    await Promise.all([page.waitForLoadState("load"), page.locator("form[action$='/thay'] button").click()]);
    await page.locator("main h3", { hasText: "Thay cho tệp đã nhận trước" }).waitFor();
    await look("da-thay");
    await visit(page, "/du-lieu");
    await says("Tệp đã được thay");

    const unknown = `Thứ tự ${tag};Nhóm học ${tag};Mã số riêng;Người học;Chào đời ngày;Niên học;Món ăn ưa thích\n1;6A;001315012345;Nguyễn Thị Mẫu;03/02/2015;2026-2027;Phở\n`;
    await give(`la-${tag}.csv`, unknown);
    await says("Chưa biết mẫu tệp này");
    await page.locator("main a[href*='ghep-cot']").click();
    await page.locator("#loai").selectOption("pupils");
    await page.locator("main form[method=get] button[type=submit]").click();
    await page.locator("#cot-7").waitFor();
    await look("ghep-cot");
    // With the keyboard: from select to select by Tab, values by typing their first letters would differ by language.
    await page.locator("#cot-1").focus();
    for (const [at, value] of ["stt", "class", "personal_id", "full_name", "full_name", "school_year", ""].entries()) {
      const active = await page.evaluate(() => document.activeElement.id);
      check(active === `cot-${at + 1}`, `Tab comes to column ${at + 1}, not to ${active}`);
      await page.locator(`#cot-${at + 1}`).selectOption(value);
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await page.locator("#cot-5-error").waitFor();
    check(await page.locator("#cot-5").getAttribute("aria-invalid") === "true", "the wrong column says so");
    check(await page.locator("#cot-2").inputValue() === "class", "what was chosen is kept");
    await look("ghep-cot-loi");
    await page.locator("#cot-5").selectOption("birth_date");
    await Promise.all([page.waitForURL(/gui\/[0-9a-f]{32}$/), page.locator("main form[method=post] button[type=submit]").click()]);
    await says("1 dòng đọc = 1 dòng lưu + 0 dòng trả lại");
    check(said.length === 0, `sending: console: ${said.join(" | ")}`);
    await context.close();
  }
}

async function switches() {
  const { context, page } = await open();
  await visit(page, "/quy-tac");
  await page.locator("nav.switch a[hreflang=en]").click();
  check(await page.evaluate(() => document.documentElement.lang) === "en", "the switch changes the language");
  check(new URL(page.url()).pathname === "/quy-tac", `the switch leads back: ${page.url()}`);
  await page.locator("details.theme summary").click();
  await page.locator("details.theme a[href*='theme=dark']").click();
  check(await page.evaluate(() => document.documentElement.dataset.theme) === "dark", "the switch changes the colours");
  await context.close();
}

async function pictures(paths) {
  await mkdir(shots, { recursive: true });
  const looks = [["light-1440", "light", 1440], ["dark-1440", "dark", 1440], ["light-390", "light", 390]];
  for (const [name, theme, width] of looks) {
    const { context, page } = await open({ theme, viewport: { width, height: width > 1000 ? 1000 : 844 } });
    for (const path of paths) {
      await visit(page, path);
      await page.screenshot({ path: join(shots, `${nameOf(path)}-${name}.png`), fullPage: true });
    }
    await context.close();
  }
}

try {
  const paths = await pagesToSee();
  step(`${paths.length} pages`);
  if (shots) {
    await pictures(paths);
    await calculator();
    await sending();
    step(`pictures in ${shots}`);
  } else {
    // Two windows at once keep both cores busy.
    await Promise.all([everyPage(paths, "vi", "light", false), everyPage(paths, "en", "dark", false)]);
    step("every page in both languages");
    await Promise.all([everyPage(paths, "vi", "dark", true), everyPage(paths, "en", "light", true)]);
    step("the other colours");
    for (const part of [keyboard, hall, withoutScript, files, switches, calculator, sending]) {
      await part();
      step(part.name);
    }
    await decision(paths.find(path => path.startsWith("/nguoi/")));
    step("decision");
  }
} catch (error) {
  fail(String(error?.stack ?? error));
} finally {
  await done();
}
