// Words of the pages, read where the pages have them: no test says them again.

import { readFileSync } from "node:fs";

const texts = Object.fromEntries(["ja", "en"].map((language) => {
  const file = readFileSync(new URL(`../app/text/${language}.ftl`, import.meta.url), "utf8");
  return [language, new Map(file.split("\n").flatMap((line) => {
    const said = line.match(/^([a-z0-9-]+) = (.+)$/);
    return said ? [[said[1], said[2]]] : [];
  }))];
}));

/** The words of `key`, with `values` in their places. */
export function words(language, key, values = {}) {
  const text = texts[language].get(key);
  if (text === undefined) throw new Error(`no words for ${key} in ${language}`);
  return text.replace(/\{ \$(\w+) \}/g, (_, name) => values[name]);
}
