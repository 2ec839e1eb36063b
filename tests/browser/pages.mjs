// Drives Chromium through the pages as a person does; every page is looked at by axe at phone and desktop width, in light
// and dark, and must load and run nothing of others. What is wrong ends the process with 1.
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const story = JSON.parse(process.env.STORY);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PASSWORD = "seven quiet lanterns drift", OTHER = "marble otter under the bridge";
const VIEWS = [
  { name: "phone", width: 390, height: 844 },
  { name: "desktop", width: 1280, height: 900 },
];
const problems = [];
let looked = 0;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync"],
});
const context = await browser.newContext({ locale: "en-GB" });
const page = await context.newPage();
page.setDefaultTimeout(20_000);
page.on("console", (message) => message.type() === "error" && !/status of (4|5)\d\d/.test(message.text()) && wrong("console", message.text()));
page.on("request", (request) => request.url().startsWith(story.base) || request.url().startsWith("data:") || wrong("request to elsewhere", request.url()));

function wrong(where, what) {
  problems.push(`${where}: ${what}`);
}

function expect(truth, what) {
  if (!truth) throw new Error(`${what} (at ${page.url()})`);
}

const title = () => page.locator("h1").innerText();
const open = (path) => page.goto(story.base + path);

/** Looks at the page as it is: accessibility, width, picture. */
async function look(name) {
  looked += 1;
  for (const { name: view, width, height } of VIEWS) {
    for (const colorScheme of ["light", "dark"]) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe);
      const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
      for (const violation of found.violations) {
        wrong(`${name}, ${view}, ${colorScheme}`, `${violation.id}: ${violation.help}: ${violation.nodes.map((node) => node.html).join(" | ")}`);
      }
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (wide > 0) wrong(`${name}, ${view}`, `is ${wide} px wider than the window`);
      if (story.shots) await page.screenshot({ path: `${story.shots}/${name}-${view}-${colorScheme}.png`, fullPage: true });
    }
  }
  await page.setViewportSize(VIEWS[1]);
}

/** The code that an authenticator app shows (RFC 6238), `ahead` steps from now. */
function totp(secret, ahead = 0) {
  const bits = [...secret.replaceAll(" ", "")].map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((octet) => parseInt(octet, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + ahead));
  const mac = createHmac("sha1", key).update(counter).digest();
  const number = mac.readUInt32BE(mac[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, "0");
}

/** Waits for the next code when this one ends within moments: the one before it is taken only while this one lasts. */
async function untilCodeLasts() {
  const left = 30_000 - (Date.now() % 30_000);
  if (left < 10_000) await page.waitForTimeout(left);
}

const submit = () => page.locator("main form button").last().click();

async function setPassword(password) {
  await page.getByLabel("New password", { exact: true }).fill(password);
  await page.getByLabel("New password once more").fill(password);
  await submit();
}

async function signIn(password) {
  await page.getByLabel("E-mail address").fill(story.email);
  await page.getByLabel("Password").fill(password);
  await submit();
}

async function strangersPages() {
  await open("/");
  expect((await title()) === "Sign in", "the start is the sign-in page");
  await look("sign-in");
  for (const language of ["Deutsch", "Suomi", "Svenska", "Dansk", "Nederlands", "Français", "Español", "Italiano", "Português", "Polski", "日本語", "English"]) {
    await page.getByRole("link", { name: language }).click();
    if (language !== "English") await look(`sign-in-${language}`);
  }
  await signIn("not the password");
  expect(await page.getByRole("alert").isVisible(), "a wrong password is told");
  await look("sign-in-wrong");
  await page.getByRole("link", { name: "I forgot my password" }).click();
  await look("forgot");
  await page.getByLabel("E-mail address").fill("nobody@elsewhere.test");
  await submit();
  await look("forgot-sent");
  await open("/activate");
  await look("activate-code");
  await open("/nowhere");
  await look("not-found");
  await open("/activate/0123456789");
  expect((await title()) === "This link does not work any more", "a guessed link is told to be none");
  await look("link-gone");
  await open(`/stop/${story.links.stop}`);
  await look("stop");
  await submit();
  await look("stopped");
}

async function activates() {
  await open(`/activate/${story.links.activate}`);
  await look("activate");
  await setPassword("maija1990");
  expect(await page.getByRole("alert").isVisible(), "a weak password is refused");
  await look("activate-weak");
  await page.getByRole("link", { name: /too easy to guess|too short/ }).click();
  expect((await page.evaluate(() => document.activeElement.id)) === "password", "the summary leads to the field");
  await setPassword(PASSWORD);
  expect((await title()) === "Sign in", "after activating one signs in");
  await look("activated");
}

async function readsAndAnswers() {
  await signIn(PASSWORD);
  expect((await title()) === "My cases", "signing in leads to the cases");
  await look("cases");
  await page.getByRole("link", { name: "The scan of the file server never ends" }).click();
  expect(await page.getByText("D:\\Snapshots from the scan").isVisible(), "the engineer's answer is there");
  expect(!(await page.content()).includes("erkki@example.test"), "an engineer's address is shown");
  await look("case");
  await page.getByRole("link", { name: "Mail from Maija Meikäläinen" }).first().click();
  await look("mail");
  await page.goBack();
  await page.getByRole("button", { name: "Send" }).click();
  await look("case-empty-answer");
  const path = new URL(page.url()).pathname;
  await page.getByLabel("Message").fill("We excluded the folder, and the scan ended after two hours. Thank you!");
  await page.getByLabel("Files", { exact: true }).setInputFiles({ name: "after.txt", mimeType: "text/plain", buffer: Buffer.from("done\n") });
  await page.getByRole("button", { name: "Send" }).click();
  expect(await page.getByRole("status").isVisible(), "an answer is acknowledged");
  for (const end = Date.now() + 30_000; !(await page.getByText("ended after two hours").isVisible()); await open(path)) {
    expect(Date.now() < end, "the answer appears on the case");
  }
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "after.txt" }).click()]);
  expect(readFileSync(await download.path(), "utf8") === "done\n", "the file is the one that was sent");
  await open(path);
  await look("case-answered");
  await page.getByRole("button", { name: "Close the case" }).click();
  expect(await page.getByText("Is it settled?").isHidden(), "a closed case is not closed again");
  await look("case-closed");
  await open("/cases");
  await page.getByRole("link", { name: "New case" }).click();
  await look("new-case");
  await page.getByLabel("Subject").fill("The printer prints blank pages");
  await page.getByRole("button", { name: "Send" }).click();
  expect((await page.getByLabel("Subject").inputValue()) === "The printer prints blank pages", "what was typed is kept");
  await look("new-case-without-words");
  await page.getByLabel("Message").fill("Since this morning, on the second floor.");
  await page.getByRole("button", { name: "Send" }).click();
  expect(await page.getByRole("status").isVisible(), "a new case is acknowledged");
  for (const end = Date.now() + 30_000; !(await page.getByText("blank pages").isVisible()); await open("/cases")) {
    expect(Date.now() < end, "the new case appears among the others");
  }
}

async function changesTheProfile() {
  await page.getByRole("link", { name: "Profile" }).click();
  await look("profile");
  await page.getByRole("link", { name: "Change your password" }).click();
  await look("change-password");
  await page.getByLabel("Current password").fill(PASSWORD);
  await setPassword(OTHER);
  expect((await title()) === "Profile", "a changed password leads back to the profile");
  await page.getByRole("link", { name: "Set up" }).click();
  await look("enrol");
  const secret = await page.locator(".key").innerText();
  await page.getByLabel("Password").fill(OTHER);
  await untilCodeLasts();
  const used = totp(secret, -1);
  await page.getByLabel("Code").fill(used);
  await submit();
  expect(await page.getByText("Multi-factor authentication enabled").isVisible(), "the second factor is on");
  await look("profile-with-factor");
  await page.getByRole("button", { name: "Sign out" }).click();
  await look("signed-out");
  await signIn(OTHER);
  expect((await title()) === "Enter the code from your app", "the second factor is asked for");
  await look("code");
  await page.getByLabel("Code").fill(used);
  await submit();
  expect(await page.getByRole("alert").isVisible(), "a used code is refused");
  await look("code-wrong");
  await page.getByLabel("Code").fill(totp(secret));
  await submit();
  expect((await title()) === "My cases", "password and code let in");
  await page.getByRole("link", { name: "Profile" }).click();
  await page.getByRole("link", { name: "Remove the authenticator" }).click();
  await look("factor-off");
  await page.getByLabel("Password").fill(OTHER);
  await page.getByLabel("Code").fill(totp(secret, 1));
  await submit();
  expect(await page.getByText("Not set up").isVisible(), "the second factor is off");
  await page.getByRole("button", { name: "Sign out" }).click();
}

async function forgets() {
  await open("/forgot");
  await page.getByLabel("E-mail address").fill(story.email);
  await submit();
  expect((await title()) === "Please look into your mailbox", "a known address is answered as an unknown one");
}

async function byLinks() {
  await open(`/reset/${story.links.reset}`);
  await look("reset");
  await setPassword(PASSWORD);
  await open(`/reset/${story.links.reset}`);
  expect((await title()) === "This link does not work any more", "a link works once");
  await open(`/enrol/${story.links.enrol}`);
  const secret = await page.locator(".key").innerText();
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByLabel("Code").fill(totp(secret));
  await submit();
  expect(await page.getByText("Your second factor is set up").isVisible(), "enrolled by a link");
  await open(`/stop/${story.links.stop}`);
  expect((await title()) === "This link does not work any more", "what is done cannot be stopped");
}

try {
  const parts = { first: [strangersPages, activates, readsAndAnswers, changesTheProfile, forgets], links: [byLinks] };
  for (const chapter of parts[story.part]) {
    await chapter();
    console.log(`${chapter.name}: done`);
  }
} catch (error) {
  wrong("the story stops", error.message);
  if (story.shots) await page.screenshot({ path: `${story.shots}/stopped.png`, fullPage: true });
}
await browser.close();
const unique = [...new Set(problems)];
unique.forEach((problem) => console.error(problem));
console.log(`${looked} pages looked at, each in 4 views; ${unique.length} problems`);
process.exit(unique.length ? 1 : 0);
