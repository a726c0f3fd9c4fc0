// The claims audit in a real browser, in both languages, as auditor, facility and second officer:
//   node claims.mjs http://127.0.0.1:8080 [--shots FOLDER]
// One case from its findings to a refusal, the facility's answer, its appeal, and the refusal taken back. Everything is typed and pressed as a person would.

import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, look as held, open, said400, shots, step, visit } from "./tools.mjs";

async function look(page, said, name) {
  await page.evaluate(axeSource);
  await held(page, said, name);
}

if (shots) await mkdir(shots, { recursive: true });
const press = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);
// The button of the form that makes one change of a case.
const act = (page, what) => page.locator(`form:has(input[name=viec][value=${what}]) button[type=submit]`).first();
// What is folded away is opened first.
const unfold = async (page, what) => {
  const folded = page.locator(`details:not([open]):has(input[name=viec][value=${what}]) > summary`);
  if (await folded.count() > 0) await folded.first().click();
};
const AUDITOR = "u-city";
const SECOND = "u-giam-dinh";
const FACILITY = "u-co-so-y-te";
const CODE = "01001";

// The auditor finds a dossier of the facility, reads its sheet and makes a case of it.
let sheet = "";
{
  const { context, page, said } = await open({ role: AUDITOR });
  await visit(page, "/giam-dinh");
  await look(page, said, "giam-dinh");
  check(await page.locator("#ho-so tbody tr").count() > 0, "dossiers wait in the queue");
  await visit(page, "/giam-dinh?xep=de-nghi");
  await visit(page, "/giam-dinh?muc=quoc-gia");
  await look(page, said, "giam-dinh-quoc-gia");
  await visit(page, "/giam-dinh/bieu");
  await look(page, said, "bieu");
  await visit(page, `/giam-dinh/bieu/${CODE}`);
  check(await page.locator("#bieu-01 tbody tr").count() > 0, "the summary has forms of care");
  await look(page, said, "bieu-co-so");
  await visit(page, `/giam-dinh?co-so=${CODE}`);
  const rows = page.locator("#ho-so tbody a");
  check(await rows.count() > 0, `facility ${CODE} has findings`);
  // The first dossier that asks the fund for something.
  const hrefs = await rows.evaluateAll(links => links.map(link => link.getAttribute("href")));
  for (const href of hrefs) {
    await visit(page, href);
    if (await page.locator("#mo-vu-viec").count() > 0) { sheet = href; break; }
  }
  check(sheet !== "", "a sheet from which a case can be opened");
  await look(page, said, "phieu");
  const text = await page.locator("main").innerText();
  check(!text.includes("Họ tên"), "no name is shown unless it is asked for");
  check(await page.locator("#dong-chi-phi tbody tr").count() > 0, "the cost lines stand on the sheet");
  await page.locator("details > summary", { hasText: "Căn cứ" }).first().click();
  await press(page, page.locator("#mo-vu-viec button[type=submit]"));
  check(await page.locator("#de-nghi").count() === 1, "the case is open, a refusal can be proposed");
  await press(page, act(page, "nhan"));
  await look(page, said, "vu-viec-mo");
  // An amount for the first line, where the rule gave none.
  const amounts = page.locator("#de-nghi input[name^=so-tien-]");
  const values = await amounts.evaluateAll(fields => fields.map(field => field.value));
  if (values.every(value => value === "")) await amounts.first().fill("1.000");
  for (const field of await page.locator("#de-nghi textarea").all()) {
    if ((await field.inputValue()).trim() === "") await field.fill("Theo quy định về giá khám bệnh, chữa bệnh BHYT");
  }
  await press(page, act(page, "de-nghi"));
  await look(page, said, "vu-viec-de-nghi");
  // Nothing is sent without saying how.
  await press(page, act(page, "gui"));
  said400(said);
  check((await page.locator("main").innerText()).includes("đúng một cách thông báo"), "the way of telling is asked for");
  await visit(page, sheet);
  await page.locator("#kenh").fill("Thông báo trên cổng giám định quốc gia");
  await press(page, act(page, "gui"));
  check(await page.locator("#ket-luan form").count() === 0, "no decision while the facility may answer");
  await look(page, said, "vu-viec-da-gui");
  await visit(page, "/giam-dinh?muc=sent");
  check(await page.locator(`#ho-so a[href^='${sheet}']`).count() === 1, "the case waits for the facility");
  await context.close();
  step("found, proposed, sent");
}

// The facility sees its own case, nothing of the agency's, and answers by form 09/BH.
let own = "";
{
  const { context, page, said } = await open({ role: FACILITY });
  await visit(page, "/co-so");
  await look(page, said, "co-so");
  check(await page.locator("#bien-nhan tbody tr").count() > 0, "the files of the facility have receipts");
  const link = page.locator("#vu-viec a").first();
  own = await link.getAttribute("href");
  check(own?.startsWith("/co-so/vu-viec/"), `a case of the facility: ${own}`);
  await visit(page, own);
  await look(page, said, "co-so-vu-viec");
  const before = await page.locator("main").innerText();
  check(!before.includes("Người phụ trách"), "the owner stays with the agency");
  for (const group of await page.locator("#giai-trinh fieldset:has(> legend) input[type=radio][value=explain]").all()) await group.check();
  for (const field of await page.locator("#giai-trinh textarea").all()) await field.fill("Có y lệnh và kết quả trong bệnh án, gửi kèm");
  await page.locator("#giai-trinh input[type=file]").setInputFiles({ name: "Bệnh án.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n") });
  await press(page, page.locator("#giai-trinh button[type=submit]"));
  check(await page.getByText("Có y lệnh và kết quả trong bệnh án").count() >= 1, "the answer stands on the page");
  check(await page.getByText("Bệnh án.pdf").count() >= 1, "the proof stands on the page");
  await look(page, said, "co-so-da-tra-loi");
  for (const closed of ["/giam-dinh", sheet, "/giam-dinh/mau"]) {
    const answer = await page.goto(base + closed);
    check(answer.status() === 403, `${closed} is closed to a facility: ${answer.status()}`);
  }
  said400(said);
  await context.close();
  step("answered");
}

// The auditor reads the answer and signs first; alone this decides nothing.
{
  const { context, page, said } = await open({ role: AUDITOR, lang: "en", theme: "dark" });
  await visit(page, sheet);
  check(await page.getByText("Có y lệnh và kết quả trong bệnh án").count() >= 1, "the answer is read word by word");
  await look(page, said, "sheet-answered");
  for (const radio of await page.locator("#ket-luan input[type=radio][value=refused]").all()) await radio.check();
  await press(page, act(page, "ket-luan"));
  check(await page.locator("#ky").count() === 1, "the first signature waits for the second");
  check(await page.locator("form:has(input[name=viec][value=ky])").count() === 0, "who signed first does not sign second");
  await look(page, said, "sheet-signed-once");
  await context.close();
}
{
  const { context, page } = await open({ role: FACILITY });
  await visit(page, own);
  check(await page.locator("#kien-nghi").count() === 0, "one signature is no decision for the facility");
  await context.close();
}

// The second officer signs; the refusal is in force.
{
  const { context, page, said } = await open({ role: SECOND });
  await visit(page, sheet);
  await look(page, said, "phieu-chu-ky-thu-hai");
  await press(page, act(page, "ky"));
  check((await page.locator("main").innerText()).includes("Đã kết luận"), "decided");
  await look(page, said, "phieu-da-ket-luan");
  await context.close();
  step("decided by two");
}

// The facility appeals; the agency gives everything back; the second officer signs that too.
{
  const { context, page, said } = await open({ role: FACILITY, lang: "en" });
  await visit(page, own);
  await page.locator("#loi-kien-nghi").fill("Bệnh án có đủ y lệnh; đề nghị xem lại");
  await press(page, page.locator("#kien-nghi button[type=submit]"));
  await look(page, said, "facility-appealed");
  await context.close();
}
{
  const { context, page, said } = await open({ role: AUDITOR });
  await visit(page, sheet);
  // What was refused of each line is given back whole.
  const groups = page.locator("#kien-nghi fieldset");
  for (let at = 0; at < await groups.count(); at += 1) {
    const group = groups.nth(at);
    const refused = (await group.locator("legend .hint").innerText()).match(/[\d.]+/)[0];
    await group.locator("input[name^=tra-lai-]").fill(refused);
    await group.locator("textarea").fill("Bệnh án có y lệnh đúng ngày, chấp nhận lại");
  }
  await press(page, act(page, "kien-nghi"));
  await look(page, said, "phieu-kien-nghi");
  await context.close();
}
{
  const { context, page, said } = await open({ role: SECOND });
  await visit(page, sheet);
  await press(page, act(page, "ky"));
  const text = await page.locator("main").innerText();
  check(text.includes("chấp nhận lại toàn bộ"), "the refusal is taken back");
  await unfold(page, "ghi-chu");
  await page.locator("#ghi-chu").fill("Xem lại quy tắc này");
  await press(page, act(page, "ghi-chu"));
  await look(page, said, "phieu-ket-qua-kien-nghi");
  await context.close();
  step("appeal settled");
}
{
  const { context, page, said } = await open({ role: FACILITY });
  await visit(page, own);
  const text = await page.locator("main").innerText();
  check(text.includes("chấp nhận lại toàn bộ"), "the facility sees the outcome");
  check(!text.includes("Xem lại quy tắc này"), "and no note of the agency");
  await look(page, said, "co-so-ket-qua");
  await context.close();
}

// Rules with their figures, a sample from draw to result, a check on the spot.
{
  const { context, page, said } = await open({ role: AUDITOR });
  await visit(page, "/giam-dinh/quy-tac");
  await look(page, said, "quy-tac-giam-dinh");
  await press(page, page.locator("#bang-quy-tac tbody a").first());
  await look(page, said, "mot-quy-tac");
  await visit(page, "/giam-dinh/mau");
  await look(page, said, "mau");
  await page.locator("#rut-mau select[name=co-so]").selectOption(CODE);
  await page.locator("#hat-giong").fill("123.BHXH.2026");
  await page.locator("#co-mau").fill("3");
  await page.locator("#ly-do").fill("Đối chiếu bệnh án quý IV");
  await press(page, page.locator("#rut-mau button[type=submit]"));
  check(await page.locator("#ho-so tbody tr").count() === 3, "three visits are drawn");
  await page.locator("#ho-so details > summary").first().click();
  await page.locator("#ho-so input[name^=sai-]").first().fill("15.000");
  await press(page, page.locator("#ho-so form button").first());
  await look(page, said, "mot-mau");
  await visit(page, "/giam-dinh/kiem-tra?loai=inpatient_rights");
  for (const radio of await page.locator("#ghi-kiem-tra input[type=radio][value=yes]").all()) await radio.check();
  await page.locator("#ghi-kiem-tra input[type=radio][value=no]").first().check();
  await page.locator("#tom-tat").fill("Một người bệnh phải tự mua thuốc trong phạm vi được hưởng");
  await look(page, said, "kiem-tra");
  await press(page, page.locator("#ghi-kiem-tra form[method=post] button[type=submit]"));
  check(await page.getByText("Không đạt").count() >= 1, "the check is written down with what was not met");
  await look(page, said, "mot-kiem-tra");
  await context.close();
  step("rules, samples, checks");
}

await done();
