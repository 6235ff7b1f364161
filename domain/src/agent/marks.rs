//! Words by which programs name themselves.

/// Anywhere in the text, lower-cased. Libraries that shops' own apps are built on (`okhttp`,
/// `CFNetwork`, `Dalvik`) are not among them.
const MARKS: &[&str] = &[
    "crawl",
    "spider",
    "slurp",
    "scrap",
    "headless",
    "phantomjs",
    "selenium",
    "puppeteer",
    "playwright",
    "curl",
    "wget",
    "python",
    "aiohttp",
    "httpx",
    "go-http-client",
    "httpclient",
    "http_request",
    "libwww",
    "urllib",
    "node-fetch",
    "axios",
    "guzzle",
    "postman",
    "insomnia",
    "httpie",
    "winhttp",
    "java/",
    "ruby",
    "perl",
    "php/",
    "archiver",
    "validator",
    "preview",
    "fetch",
    "monitor",
    "uptime",
    "checker",
    "scanner",
    "index",
    "+http",
    "http://",
    "https://",
    "feed",
    "lighthouse",
    "pingdom",
    "facebookexternal",
    "bot@",
    "@bot",
    "searchengine",
    "inspect",
    "-agent",
    "download",
    "mediapartners",
    "google-",
    "httrack",
    "httpunit",
    "sitemap",
    "seo",
    "libcurl",
];

/// Whether the text says that a program sent it: a crawler, a library, a browser without a screen.
pub(super) fn says_it_is_a_program(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    MARKS.iter().any(|mark| text.contains(mark)) || names_a_bot(&text) || compatible(&text)
}

/// `(compatible; Name/1.0)` is how crawlers introduce themselves, and how Internet Explorer did.
fn compatible(text: &str) -> bool {
    let browsers = ["msie", "konqueror", "trident", "opera"];
    text.contains("(compatible; ") && !browsers.iter().any(|browser| text.contains(browser))
}

/// `bot` at the end of a word; Cubot makes telephones.
fn names_a_bot(text: &str) -> bool {
    text.match_indices("bot").any(|(at, bot)| {
        let after = text.get(at + bot.len()..).and_then(|rest| rest.chars().next());
        let before = text.get(..at).unwrap_or_default();
        !before.ends_with("cu") && after.is_none_or(|sign| !sign.is_ascii_lowercase())
    })
}
