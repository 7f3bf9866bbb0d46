// Reads one JSON string of HTML a line, answers one JSON list of problems a line. Started by html_valid.py.
import { createInterface } from "node:readline";
import { HtmlValidate, StaticConfigLoader } from "html-validate";

// "standard" is what the HTML standard itself demands; taste is left to people.
const validator = new HtmlValidate(new StaticConfigLoader({ extends: ["html-validate:standard"], root: true }));

for await (const line of createInterface({ input: process.stdin })) {
  const report = await validator.validateString(JSON.parse(line), "page.html");
  const found = report.results.flatMap((result) => result.messages).map((message) => {
    const where = `line ${message.line}, column ${message.column}`;
    return `${where}: ${message.message} (${message.ruleId}${message.selector ? ` at ${message.selector}` : ""})`;
  });
  process.stdout.write(`${JSON.stringify(found)}\n`);
}
