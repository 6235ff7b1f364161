#![expect(clippy::unwrap_used, reason = "tests")]

use std::io::Read as _;
use std::path::PathBuf;

use super::*;

/// A file of the development data; `None`, said aloud, where there is none.
#[expect(clippy::disallowed_methods, reason = "tests find their data by it")]
fn shared(path: &str) -> Option<Vec<u8>> {
    let root = std::env::var("SEKISHO_SHARED").map_or_else(
        |_| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")),
        PathBuf::from,
    );
    let found = std::fs::read(root.join("data").join(path));
    if found.is_err() {
        println!("skipped: no development data at {path} (set SEKISHO_SHARED)");
    }
    found.ok()
}

fn named(text: &str) -> (String, String, DeviceClass) {
    let claim = read(text);
    let show = |software: Option<Software<'_>>| {
        software.map_or_else(String::new, |found| format!("{} {}", found.name, found.version))
    };
    (show(claim.browser), show(claim.system), claim.class)
}

#[test]
fn browsers_of_today_are_told_apart() {
    use DeviceClass::{Desktop, Mobile, Tablet};
    for (text, browser, system, class) in [
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
            "Edge 126",
            "Windows 10",
            Desktop,
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.6.1 Mobile/15E148 Safari/604.1",
            "Safari 26",
            "iOS 18.7",
            Mobile,
        ),
        (
            "Mozilla/5.0 (iPad; CPU OS 17_4 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/148.0.0.0 Mobile/15E148 Safari/604.1",
            "Chrome 148",
            "iOS 17.4",
            Tablet,
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S911B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "Samsung Internet 25",
            "Android 14",
            Mobile,
        ),
        (
            "Mozilla/5.0 (Linux; Android 13; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
            "Chrome 121",
            "Android 13",
            Tablet,
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
            "Firefox 127",
            "macOS 10.15",
            Desktop,
        ),
        (
            "Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/121.0.0.0 Safari/537.36",
            "Chrome 121",
            "ChromeOS ",
            Desktop,
        ),
    ] {
        assert_eq!(named(text), (browser.to_owned(), system.to_owned(), class), "{text}");
        assert!(!read(text).automated, "{text}");
    }
}

#[test]
fn programs_are_known_by_their_own_words_and_a_cubot_is_a_telephone() {
    for text in [
        "curl/8.5.0",
        "python-requests/2.31",
        "Go-http-client/1.1",
        "ExampleBot/1.0 (+http://x.example)",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    ] {
        assert!(read(text).automated, "{text}");
        assert_eq!(read(text).class, DeviceClass::Bot, "{text}");
    }
    let phone = "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36";
    assert!(!read(phone).automated);
}

#[test]
fn rubbish_and_100_000_characters_are_read_without_harm() {
    for text in
        ["", "-", "\u{202e}\u{0}", "Version/", "Chrome/", "Windows NT ", &"é(;/".repeat(25_000)]
    {
        let _ = read(text);
    }
    let long = format!("Mozilla/5.0 (Windows NT 10.0) Chrome/126.0 {}", "x".repeat(100_000));
    assert_eq!(named(&long).0, "Chrome 126");
}

#[test]
fn shoppers_are_no_programs_and_their_devices_are_known() {
    let Some(packed) = shared("ua/user-agents-weighted.json.gz") else { return };
    let mut text = String::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_string(&mut text).unwrap();
    let agents: Vec<serde_json::Value> = serde_json::from_str(&text).unwrap();
    let share = |fits: &dyn Fn(&str, &str) -> bool| {
        let fit = agents.iter().filter(|agent| {
            let text = |key| agent.get(key).and_then(|value: &serde_json::Value| value.as_str());
            fits(text("userAgent").unwrap_or_default(), text("deviceCategory").unwrap_or_default())
        });
        fit.count() as f64 / agents.len() as f64
    };
    let human = share(&|text, _| !read(text).automated);
    let class = share(&|text, category| match category {
        "mobile" => read(text).class == DeviceClass::Mobile,
        "tablet" => read(text).class == DeviceClass::Tablet,
        _ => read(text).class == DeviceClass::Desktop,
    });
    let whole = share(&|text, _| read(text).browser.is_some() && read(text).system.is_some());
    println!(
        "of {} shoppers: {human:.4} no program, {class:.4} right class, {whole:.4} named",
        agents.len()
    );
    assert!(human > 0.99 && class > 0.95 && whole > 0.98);
}

#[test]
fn most_known_crawlers_say_so() {
    let Some(text) = shared("ua/crawler-user-agents.json") else { return };
    let crawlers: Vec<serde_json::Value> = serde_json::from_slice(&text).unwrap();
    let instances: Vec<&str> = crawlers
        .iter()
        .filter_map(|crawler| crawler.get("instances")?.as_array())
        .flatten()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let told = instances.iter().filter(|text| read(text).automated).count();
    let missed: Vec<_> = instances.iter().filter(|text| !read(text).automated).take(12).collect();
    println!("{told} of {} crawlers told; such as these are missed: {missed:#?}", instances.len());
    assert!(told as f64 > 0.85 * instances.len() as f64);
}

/// Names of families that are the same browser or system under another name.
fn ours(family: &str) -> Option<&'static str> {
    Some(match family {
        "Chrome" | "Chrome Mobile" | "Chrome Mobile iOS" => "Chrome",
        "Firefox" | "Firefox Mobile" | "Firefox iOS" => "Firefox",
        "Safari" | "Mobile Safari" => "Safari",
        "Edge" | "Edge Mobile" => "Edge",
        "Samsung Internet" => "Samsung Internet",
        "Opera" | "Opera Mobile" => "Opera",
        "Windows" => "Windows",
        "Android" => "Android",
        "iOS" => "iOS",
        "Mac OS X" => "macOS",
        "Chrome OS" => "ChromeOS",
        _ => return None,
    })
}

/// Share of the cases of a `uap-core` test file whose family we also name, that we name alike.
fn agreement(yaml: &str, of: impl Fn(&str) -> Option<String>) -> (usize, usize) {
    let field = |line: &str, name: &str| {
        let value = line.trim().trim_start_matches("- ").strip_prefix(name)?.trim();
        Some(value.trim_matches(['\'', '"']).to_owned())
    };
    let (mut agent, mut alike, mut all) = (String::new(), 0, 0);
    for line in yaml.lines() {
        if let Some(text) = field(line, "user_agent_string:") {
            agent = text;
        } else if let Some(expected) = field(line, "family:").as_deref().and_then(ours) {
            all += 1;
            alike += usize::from(of(&agent).as_deref() == Some(expected));
        }
    }
    (alike, all)
}

#[test]
fn families_agree_with_the_cases_of_uap_core() {
    let Some(agents) = shared("ua/test_ua.yaml") else { return };
    let Some(systems) = shared("ua/test_os.yaml") else { return };
    let browser = |text: &str| read(text).browser.map(|found| found.name.into_owned());
    let system = |text: &str| read(text).system.map(|found| found.name.into_owned());
    let (alike, all) = agreement(&String::from_utf8_lossy(&agents), browser);
    println!("browsers: {alike} of {all} alike");
    assert!(all > 50 && alike * 100 > all * 75);
    let (alike, all) = agreement(&String::from_utf8_lossy(&systems), system);
    println!("systems: {alike} of {all} alike");
    assert!(all > 100 && alike * 100 > all * 70);
}
