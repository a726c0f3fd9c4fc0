// The plan followed in a real browser, in both languages, as leader, officer, department and commune:
//   node followup.mjs http://127.0.0.1:8080 [--shots FOLDER]
// Everything is typed and pressed as a person would.

import { mkdir } from "node:fs/promises";
import { axeSource, base, check, done, look as held, open, shots, step, visit } from "./tools.mjs";

async function look(page, said, name) {
  await page.evaluate(axeSource);
  await held(page, said, name);
}

if (shots) await mkdir(shots, { recursive: true });
const press = (page, button) => Promise.all([page.waitForNavigation(), button.click()]);

// The leader (oversight) reads; a task opens; nothing can be begun.
{
  const { context, page, said } = await open({ role: "u-giam-sat" });
  await visit(page, "/ke-hoach");
  await look(page, said, "ke-hoach");
  check(await page.locator("#nhiem-vu tbody a").count() >= 34, "34 tasks");
  check(await page.locator("a[href='/ke-hoach/viec-cua-don-vi']").count() === 0, "nothing is owed by who only reads");
  await page.locator("#nhiem-vu a", { hasText: /./ }).first().click();
  await look(page, said, "nhiem-vu");
  await visit(page, "/ke-hoach?nam=2030");
  await look(page, said, "ke-hoach-2030");
  await context.close();
  step("leader");
}

// A commune begins its report, writes, adds evidence, submits.
let report = "";
{
  const { context, page, said } = await open({ role: "u-xa-00004" });
  await visit(page, "/ke-hoach/viec-cua-don-vi");
  await look(page, said, "viec-cua-xa");
  await press(page, page.locator("form[action='/ke-hoach/bao-cao'] button").first());
  report = new URL(page.url()).pathname;
  check(report.startsWith("/ke-hoach/bao-cao/"), `a report: ${report}`);
  await look(page, said, "bao-cao-moi");
  await page.locator("#ket-qua").fill("Đã phát 12 tin trên loa.\nĐã niêm yết danh sách.");
  await page.locator("#kho-khan").fill("Thiếu loa ở hai tổ dân phố");
  await press(page, page.locator("button[value=ghi]"));
  await page.locator("#dia-chi").fill("https://phuong.example.vn/tin-1");
  await page.locator("#ten").fill("Tin trên cổng của phường");
  await press(page, page.locator("form[enctype] button[type=submit]"));
  check(await page.getByText("Tin trên cổng của phường").count() >= 1, "the link stands among the evidence");
  await page.locator("input[type=file]").setInputFiles({ name: "Kế hoạch.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n") });
  await press(page, page.locator("form[enctype] button[type=submit]"));
  check(await page.getByText("Kế hoạch.pdf").count() >= 1, "the file stands among the evidence");
  await look(page, said, "bao-cao-viet");
  await press(page, page.locator("button[value=gui]"));
  check(await page.locator("#ket-qua").count() === 0, "what was submitted is not rewritten");
  await context.close();
  step("commune");
}

// The officer returns it with a reason, in English and dark; the commune sees why; then it is confirmed.
{
  const { context, page, said } = await open({ role: "u-city", lang: "en", theme: "dark" });
  await visit(page, report);
  await page.locator("#ly-do").fill("Nêu rõ số tin theo tuần");
  await press(page, page.locator("button[value=tra-lai]"));
  await look(page, said, "report-returned");
  await visit(page, "/ke-hoach/viec-cua-don-vi");
  await look(page, said, "owed-by-the-agency");
  await context.close();
}
{
  const { context, page, said } = await open({ role: "u-xa-00004" });
  await visit(page, report);
  check(await page.getByText("Nêu rõ số tin theo tuần").count() >= 1, "the commune reads why");
  await press(page, page.locator("button[value=gui]"));
  await context.close();
  const other = await open({ role: "u-xa-00008" });
  const answer = await other.page.goto(base + report);
  check(answer.status() === 404, `another commune does not see it: ${answer.status()}`);
  await other.context.close();
  check(said.length === 0, `console: ${said.join(" | ")}`);
}
{
  const { context, page, said } = await open({ role: "u-city" });
  await visit(page, report);
  await press(page, page.locator("button[value=xac-nhan]"));
  check(await page.getByText("Đã xác nhận").count() >= 1, "confirmed");
  await look(page, said, "bao-cao-xac-nhan");
  await context.close();
  step("returned and confirmed");
}

// A department (police) owes what it leads.
{
  const { context, page, said } = await open({ role: "u-phoi-hop", lang: "en" });
  await visit(page, "/ke-hoach/viec-cua-don-vi");
  await look(page, said, "owed-by-a-department");
  await context.close();
  step("department");
}

await done();
